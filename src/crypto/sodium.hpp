// For the .cpp files of this folder: libsodium, started, over std::string_view.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <sodium.h>

namespace argon::crypto {

/// To be called before keys are made or used: libsodium then picks the fastest code for this CPU.
inline void start_sodium() {
    static const int started = sodium_init();
    if (started < 0) throw std::runtime_error("libsodium does not start");
}

inline const unsigned char* as_bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
inline unsigned char* as_bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// Overwrites a secret; the compiler cannot leave this out.
inline void wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }
}  // namespace argon::crypto
