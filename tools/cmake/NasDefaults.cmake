# Compiler settings, third-party packages and the one function that declares a library of ours.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

find_package(yaml-cpp REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(LibArchive REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
# What it was built with changes its classes; pkg-config knows.
find_package(PkgConfig REQUIRED)
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
find_library(MD_LIBRARY md REQUIRED)
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_builder.hpp REQUIRED)
# yaml-cpp exports `yaml-cpp` up to 0.7 and `yaml-cpp::yaml-cpp` from 0.8 on.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

add_library(nas_warnings INTERFACE)
target_compile_options(nas_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wold-style-cast>
  $<$<AND:$<BOOL:${NAS_WERROR}>,$<COMPILE_LANGUAGE:CXX>>:-Werror>
  # Guesses that change with each version of the optimiser are shown, but break no build.
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-error=maybe-uninitialized>)
# GCC 12 sees overlapping copies in `"text" + std::string` where there are none (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(nas_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()

# What an unnamed namespace of a source holds is no header's, although the source is included.
if(NAS_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(nas_warnings INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>)
endif()

# nas_library(NAME [TORCH] [LINKS library...] [PRIVATE library...]): all sources beside the calling
# CMakeLists.txt become static library NAME. TORCH gives it LibTorch and the precompiled header.
function(nas_library name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;LINKS;PRIVATE" ${ARGN})
  if(NOT ARG_SOURCES)
    file(GLOB ARG_SOURCES CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  endif()
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${ARG_LINKS} PRIVATE nas_warnings ${ARG_PRIVATE})
  nas_group_sources(${name})
  if(ARG_TORCH)
    nas_use_torch(${name})
  endif()
endfunction()

# nas_use_torch(TARGET): LibTorch and, where wanted, the shared precompiled header.
function(nas_use_torch name)
  target_link_libraries(${name} PUBLIC LibTorch::torch)
  if(NAS_PCH)
    if(NOT TARGET nas_torch_pch)
      set(stub "${CMAKE_BINARY_DIR}/torch_pch.cpp")
      if(NOT EXISTS "${stub}")
        file(WRITE "${stub}" "// Carries the precompiled header that every LibTorch unit shares.\n")
      endif()
      add_library(nas_torch_pch STATIC "${stub}")
      target_include_directories(nas_torch_pch PUBLIC "${CMAKE_SOURCE_DIR}")
      target_link_libraries(nas_torch_pch PUBLIC LibTorch::torch PRIVATE nas_warnings)
      target_precompile_headers(nas_torch_pch PRIVATE "${CMAKE_SOURCE_DIR}/nas/torch/torch.hpp")
    endif()
    # A program is compiled as -fPIE by default, which the header's -fPIC does not fit.
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fPIC>)
    target_precompile_headers(${name} REUSE_FROM nas_torch_pch)
  endif()
endfunction()

# nas_group_sources(TARGET): where NAS_UNITY is on, compiles its sources several at a time.
function(nas_group_sources name)
  if(NOT NAS_UNITY)
    return()
  endif()
  find_program(PYTHON3 python3 REQUIRED)
  get_target_property(sources ${name} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  execute_process(COMMAND ${PYTHON3} "${CMAKE_SOURCE_DIR}/tools/source_groups.py" ${sources}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE "\n$" "" lines "${lines}")
  set(number 0)
  string(REPLACE ";" "|" lines "${lines}")
  string(REPLACE "\n" ";" lines "${lines}")
  foreach(line IN LISTS lines)
    string(REPLACE "|" ";" group "${line}")
    set_source_files_properties(${group} PROPERTIES UNITY_GROUP "${name}_${number}")
    math(EXPR number "${number} + 1")
  endforeach()
  set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
