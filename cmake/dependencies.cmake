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

# okta_sqlite is a library of its own; libokta does not need it.
if(OKTA_SQLITE)
    pkg_check_modules(SQLITE IMPORTED_TARGET ${okta_scope} sqlite3>=3.37)
    if(NOT SQLITE_FOUND)
        message(STATUS "libsqlite3 is not there: okta_sqlite and what needs it are left out")
    endif()
endif()

# okta-rotationd keeps its journal in a SQLite file and serves its metrics by libmicrohttpd.
if(OKTA_BUILD_TOOLS AND OKTA_ROTATIOND)
    pkg_check_modules(MICROHTTPD IMPORTED_TARGET libmicrohttpd>=0.9.75)
    if(NOT MICROHTTPD_FOUND OR NOT SQLITE_FOUND)
        message(STATUS "libmicrohttpd or libsqlite3 is not there: okta-rotationd is left out")
        set(OKTA_ROTATIOND OFF)
    endif()
endif()
if(OKTA_BUILD_TOOLS AND OKTA_ROTATIOND AND OKTA_POSTGRES)
    pkg_check_modules(POSTGRES IMPORTED_TARGET libpq>=13)
    if(NOT POSTGRES_FOUND)
        message(STATUS "libpq is not there: okta-rotationd keeps its journal in a SQLite file only")
    endif()
endif()

if(OKTA_BUILD_TESTS)
    pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka>=1.1.5)
    pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd>=0.9.75)
    pkg_check_modules(NGHTTP2 REQUIRED IMPORTED_TARGET libnghttp2>=1.52)
endif()

# One example signs in a PKCS#11 token.
if(OKTA_BUILD_EXAMPLES)
    pkg_check_modules(P11KIT p11-kit-1)
endif()

# The adapters are headers alone: their event loops are needed for examples and tests only.
set(OKTA_ADAPTERS poll)
set(OKTA_ADAPTER_poll "")
if(OKTA_BUILD_EXAMPLES OR OKTA_BUILD_TESTS)
    pkg_check_modules(EVENT_LOOP_UV IMPORTED_TARGET libuv>=1.20)
    pkg_check_modules(EVENT_LOOP_LIBEVENT IMPORTED_TARGET libevent_core>=2.1)
    pkg_check_modules(EVENT_LOOP_GLIB IMPORTED_TARGET glib-2.0>=2.36)
    pkg_check_modules(EVENT_LOOP_SD_EVENT IMPORTED_TARGET libsystemd>=243)
    foreach(adapter IN ITEMS glib libevent sd_event uv)
        string(TOUPPER EVENT_LOOP_${adapter} package)
        if(${package}_FOUND)
            list(APPEND OKTA_ADAPTERS ${adapter})
            set(OKTA_ADAPTER_${adapter} PkgConfig::${package})
        else()
            message(STATUS "The library of okta/adapters/${adapter}.h is not there: its example and its tests are left out")
        endif()
    endforeach()
endif()

set(OKTA_DEPENDENCIES CURL::libcurl PkgConfig::CJSON OpenSSL::SSL OpenSSL::Crypto PkgConfig::YAML Threads::Threads)
