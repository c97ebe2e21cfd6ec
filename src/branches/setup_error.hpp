// What keeps the program from starting and only an operator can mend.
#pragma once

#include <stdexcept>

namespace argon::branches {

/// Its text goes to the operator as it is: one or two sentences saying what is wrong and what to do about it.
class SetupError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};
}  // namespace argon::branches
