# Language, warnings and hardening for every target.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "GCC ${CMAKE_CXX_COMPILER_VERSION} frees memory twice in ordinary coroutine code. "
    "Use clang 19: cmake --preset release (docs/design/0001-one-program-four-faces.md says why).")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE)
  # The precompiled header's content is what counts, not when a build tree made it.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

add_library(argon_options INTERFACE)
target_compile_options(argon_options INTERFACE
  -Wall -Wextra -Wpedantic -Wformat=2 -Werror=format-security -Wimplicit-fallthrough -Wnon-virtual-dtor -Wno-missing-field-initializers
  -fno-omit-frame-pointer -fstack-protector-strong -fstack-clash-protection -fno-delete-null-pointer-checks -fno-strict-overflow
  -ftrivial-auto-var-init=zero -fpch-instantiate-templates "SHELL:-Xclang -fno-pch-timestamp")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(argon_options INTERFACE -fcf-protection=full)
endif()
target_compile_definitions(argon_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_CONCEPTS)
target_link_options(argon_options INTERFACE -fuse-ld=lld-19 -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)

if(ARGONAUTH_SANITIZE)
  target_compile_options(argon_options INTERFACE -fsanitize=${ARGONAUTH_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(argon_options INTERFACE -fsanitize=${ARGONAUTH_SANITIZE})
else()
  target_compile_options(argon_options INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3>)
  target_compile_definitions(argon_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()
