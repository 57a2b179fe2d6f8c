# SPDX-License-Identifier: Apache-2.0
# The library, its headers, what find_package() and pkg-config read, the tools and their man pages, the documents.
include(CMakePackageConfigHelpers)

install(TARGETS okta EXPORT okta
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(header IN LISTS OKTA_PUBLIC_HEADERS)
    cmake_path(GET header PARENT_PATH folder)
    install(FILES include/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${folder})
endforeach()

set(okta_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/okta)
if(BUILD_SHARED_LIBS)
    # A program needs nothing but libokta, not even the .pc files of what libokta is built on.
    set(OKTA_CONFIG_IS_STATIC OFF)
    set(OKTA_PC_REQUIRES "")
    set(OKTA_PC_LIBS "")
    set(OKTA_SQLITE_PC_REQUIRES "okta")
else()
    # Not Requires.private: `pkg-config --static` would ask for a static libcurl with all that it is built on.
    set(OKTA_CONFIG_IS_STATIC ON)
    set(OKTA_PC_REQUIRES "Requires: libcurl >= 7.88, libcjson >= 1.7.15, libssl >= 3.0, libcrypto >= 3.0, yaml-0.1 >= 0.2.5\n")
    set(OKTA_PC_LIBS " -pthread")
    set(OKTA_SQLITE_PC_REQUIRES "okta, sqlite3 >= 3.37")
endif()
if(TARGET okta_sqlite)
    install(TARGETS okta_sqlite EXPORT okta_sqlite
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(FILES include/okta/sqlite.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/okta)
    install(EXPORT okta_sqlite FILE oktaSqliteTargets.cmake NAMESPACE okta:: DESTINATION ${okta_package_dir})
endif()
install(EXPORT okta FILE oktaTargets.cmake NAMESPACE okta:: DESTINATION ${okta_package_dir})
configure_package_config_file(cmake/oktaConfig.cmake.in oktaConfig.cmake
    INSTALL_DESTINATION ${okta_package_dir})
# While the major version is 0, a new minor version may change the interface.
write_basic_package_version_file(oktaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/oktaConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/oktaConfigVersion.cmake
    DESTINATION ${okta_package_dir})

# okta.pc names its prefix by its own place, so that an installed tree can be moved.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(OKTA_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
    set(OKTA_PC_LIBDIR ${CMAKE_INSTALL_FULL_LIBDIR})
    set(OKTA_PC_INCLUDEDIR ${CMAKE_INSTALL_FULL_INCLUDEDIR})
else()
    string(REGEX REPLACE "[^/]+" ".." okta_up "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
    set(OKTA_PC_PREFIX "\${pcfiledir}/${okta_up}")
    set(OKTA_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
    set(OKTA_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
configure_file(cmake/okta.pc.in okta.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/okta.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(TARGET okta_sqlite)
    configure_file(cmake/okta_sqlite.pc.in okta_sqlite.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/okta_sqlite.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()

if(OKTA_BUILD_TOOLS)
    install(TARGETS okta-keys okta-replay RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(FILES docs/okta-keys.1 docs/okta-replay.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    if(TARGET okta-rotationd)
        install(TARGETS okta-rotationd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
        install(FILES docs/okta-rotationd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
    endif()
endif()
# The documents keep their places to each other, so that their links lead on.
install(FILES LICENSE README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs examples DESTINATION ${CMAKE_INSTALL_DOCDIR}
    FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN "*.c" PATTERN "okta-*.1"
    PATTERN "okta-*.8" PATTERN "*.service" PATTERN "*.yaml")
