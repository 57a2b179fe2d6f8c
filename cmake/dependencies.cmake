# SPDX-License-Identifier: Apache-2.0
# What the library needs at run time, and what only the tests need.

# A static libokta leaves its libraries to the link of the program, in whatever folder that is.
if(BUILD_SHARED_LIBS)
    set(okta_scope "")
else()
    set(okta_scope GLOBAL)
    set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
endif()

find_package(PkgConfig REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET ${okta_scope} libcjson>=1.7.15)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET ${okta_scope} yaml-0.1>=0.2.5)

if(OKTA_BUILD_TESTS)
    pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka>=1.1.5)
    pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd>=0.9.75)
    pkg_check_modules(NGHTTP2 REQUIRED IMPORTED_TARGET libnghttp2>=1.52)
endif()

# One example signs in a PKCS#11 token.
if(OKTA_BUILD_EXAMPLES)
    pkg_check_modules(P11KIT p11-kit-1)
endif()

set(OKTA_DEPENDENCIES CURL::libcurl PkgConfig::CJSON OpenSSL::SSL OpenSSL::Crypto PkgConfig::YAML Threads::Threads)
