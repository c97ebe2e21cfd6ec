# Third-party libraries, all from Debian 12 (scripts/bootstrap installs them). Each is used behind one folder of src/.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(fmt REQUIRED)

find_path(BOOST_INCLUDE boost/version.hpp REQUIRED)
file(STRINGS ${BOOST_INCLUDE}/boost/version.hpp BOOST_VERSION_LINE REGEX "^#define BOOST_VERSION ")
if(NOT BOOST_VERSION_LINE MATCHES "1081|108[2-9]|109[0-9]")
  message(FATAL_ERROR "Boost 1.81 or newer is needed (package libboost1.81-dev); found: ${BOOST_VERSION_LINE}")
endif()

pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc)
pkg_check_modules(libcurl REQUIRED IMPORTED_TARGET libcurl>=7.87)
