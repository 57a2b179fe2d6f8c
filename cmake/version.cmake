# SPDX-License-Identifier: Apache-2.0
# The version of the project is what include/okta/version.h says, and nothing else says it.

# Set `out` to the text of OKTA_VERSION in `header`. Stops when it disagrees with the three numbers there.
function(okta_read_version header out)
    file(READ ${header} text)
    if(NOT text MATCHES "#define OKTA_VERSION \"([0-9]+\\.[0-9]+\\.[0-9]+)\"")
        message(FATAL_ERROR "${header} has no OKTA_VERSION of the form \"1.2.3\"")
    endif()
    set(version ${CMAKE_MATCH_1})
    set(numbers "")
    foreach(part IN ITEMS MAJOR MINOR PATCH)
        if(NOT text MATCHES "#define OKTA_VERSION_${part} ([0-9]+)")
            message(FATAL_ERROR "${header} has no OKTA_VERSION_${part}")
        endif()
        list(APPEND numbers ${CMAKE_MATCH_1})
    endforeach()
    list(JOIN numbers "." numbers)
    if(NOT numbers STREQUAL version)
        message(FATAL_ERROR "${header}: OKTA_VERSION is ${version}, its numbers say ${numbers}")
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
    set(${out} ${version} PARENT_SCOPE)
endfunction()
