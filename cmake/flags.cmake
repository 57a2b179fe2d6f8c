# SPDX-License-Identifier: Apache-2.0
# Compiler flags of this project's own targets. Nothing here reaches a program that uses the library.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)

add_library(okta_warnings INTERFACE)
target_compile_options(okta_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla
    -Wswitch-enum
    $<$<BOOL:${OKTA_WERROR}>:-Werror>)

if(CMAKE_C_FLAGS MATCHES "-fsanitize=")
    set(OKTA_SANITIZED TRUE)
else()
    set(OKTA_SANITIZED FALSE)
endif()

add_library(okta_hardening INTERFACE)
if(OKTA_HARDENING)
    foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection)
        string(MAKE_C_IDENTIFIER "OKTA_CC${flag}" known)
        check_c_compiler_flag(${flag} ${known})
        if(${known})
            target_compile_options(okta_hardening INTERFACE ${flag})
        endif()
    endforeach()
    foreach(flag IN ITEMS -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
        string(MAKE_C_IDENTIFIER "OKTA_LD${flag}" known)
        check_linker_flag(C ${flag} ${known})
        if(${known})
            target_link_options(okta_hardening INTERFACE ${flag})
        endif()
    endforeach()
    # _FORTIFY_SOURCE needs optimisation, and the sanitizers see less behind its wrappers.
    if(NOT OKTA_SANITIZED)
        set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
        check_c_source_compiles("#include <string.h>\nint main(void) { return (int)strlen(\"\"); }"
            OKTA_FORTIFY_3)
        unset(CMAKE_REQUIRED_FLAGS)
        if(OKTA_FORTIFY_3)
            set(level 3)
        else()
            set(level 2)
        endif()
        target_compile_options(okta_hardening INTERFACE
            $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE>
            $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-D_FORTIFY_SOURCE=${level}>)
    endif()
endif()

# Executables are position independent. check_pie_supported() also makes the linker know.
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

# The same objects come out of any folder: those that debug information names are relative. gcc and clang take the
# build folder's rule first where it lies in the other. Builds to debug and to count lines keep the full names.
set(okta_prefix_map "")
check_c_compiler_flag(-ffile-prefix-map=a=b OKTA_CC_ffile_prefix_map)
if(OKTA_CC_ffile_prefix_map)
    set(okta_prefix_map -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
endif()

# What every target of this project is compiled with. The library's dependencies are not part of it.
function(okta_target_defaults target)
    target_compile_definitions(${target} PRIVATE _DEFAULT_SOURCE)
    # 32 bits: times beyond 2038, and files whose size or number does not fit into 32 bits.
    if(CMAKE_SIZEOF_VOID_P EQUAL 4)
        target_compile_definitions(${target} PRIVATE _FILE_OFFSET_BITS=64 _TIME_BITS=64)
    endif()
    target_compile_options(${target} PRIVATE
        "$<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:${okta_prefix_map}>")
    set_target_properties(${target} PROPERTIES
        POSITION_INDEPENDENT_CODE ON
        C_VISIBILITY_PRESET hidden)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:okta_warnings> $<BUILD_INTERFACE:okta_hardening>)
endfunction()
