// What keeps the program from starting, or a branch from being made, and only an operator can mend.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace argon::branches {

/// Its text goes to the operator as it is: one or two sentences saying what is wrong and what to do about it.
class SetupError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What could not be done for such a reason, a full disk for instance: nothing is wrong with the request, and it may succeed later.
inline std::unexpected<Error> put_off(std::string_view what, std::string_view reason) {
    constexpr ErrorSpec not_now{503, "", ""};
    return std::unexpected(Error::with_message(not_now, std::string{what} + ": " + std::string{reason}).retry_after(std::chrono::seconds{5}));
}
}  // namespace argon::branches
