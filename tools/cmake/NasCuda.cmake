# Our own CUDA kernels: NAS_HAVE_CUDA, and nas_cuda_sources(TARGET file.cu...).
#
# nvcc is called as a plain command and its objects go into the target like any other. CMake's CUDA
# language is not enabled: every program that links such a target would then be linked by nvcc.
include_guard(GLOBAL)

set(NAS_CUDA_ARCHITECTURES "80;90" CACHE STRING "Compute capabilities; PTX of the last is kept too")
# In the cache because several folders ask.
set(NAS_HAVE_CUDA OFF CACHE INTERNAL "")
if(NOT NAS_CUDA OR NOT NAS_TORCH OR NOT LibTorch_CUDA)
  return()
endif()

find_program(NAS_NVCC nvcc HINTS ENV CUDA_HOME /usr/local/cuda PATH_SUFFIXES bin)
if(NOT NAS_NVCC)
  message(STATUS "CUDA kernels: left out, no nvcc")
  return()
endif()
get_filename_component(_nvcc_real "${NAS_NVCC}" REALPATH)
get_filename_component(_cuda_root "${_nvcc_real}/../.." ABSOLUTE)
find_path(NAS_CUDA_INCLUDE_DIR cuda_runtime_api.h
  HINTS "${_cuda_root}/include" "${_cuda_root}/targets/x86_64-linux/include" NO_DEFAULT_PATH)

# The runtime that LibTorch itself loads, so that a process holds one; it lies in the wheels beside
# torch or in LibTorch's own folder. Last the toolkit's.
file(GLOB _cudart
  "${LibTorch_LIBRARY_DIR}/../../nvidia/*/lib/libcudart.so.[0-9]*"
  "${LibTorch_LIBRARY_DIR}/libcudart*.so*"
  "${_cuda_root}/lib64/libcudart.so.[0-9]*")
list(SORT _cudart COMPARE NATURAL)
list(FILTER _cudart INCLUDE REGEX "libcudart")
set(_chosen)
foreach(_prefix "${LibTorch_LIBRARY_DIR}" "${_cuda_root}")
  foreach(_file ${_cudart})
    string(FIND "${_file}" "${_prefix}" _position)
    if(NOT _chosen AND _position EQUAL 0)
      set(_chosen "${_file}")
    endif()
  endforeach()
endforeach()
if(NOT _chosen OR NOT NAS_CUDA_INCLUDE_DIR)
  message(STATUS "CUDA kernels: left out, no CUDA runtime library or headers")
  return()
endif()
get_filename_component(_chosen "${_chosen}" REALPATH)

# Objects of one major version do not run on the runtime of another.
execute_process(COMMAND "${NAS_NVCC}" --version OUTPUT_VARIABLE _nvcc_version)
string(REGEX MATCH "release ([0-9]+)" _ignored "${_nvcc_version}")
set(_nvcc_major "${CMAKE_MATCH_1}")
string(REGEX MATCH "libcudart[^/]*\\.so\\.([0-9]+)" _ignored "${_chosen}")
if(NOT CMAKE_MATCH_1 STREQUAL _nvcc_major)
  message(STATUS "CUDA kernels: left out, nvcc ${_nvcc_major} and LibTorch's CUDA ${CMAKE_MATCH_1} differ")
  return()
endif()

set(NAS_HAVE_CUDA ON CACHE INTERNAL "")
set(NAS_CUDART "${_chosen}" CACHE INTERNAL "")
message(STATUS "CUDA kernels: ${NAS_NVCC}, ${NAS_CUDART}")

set(_gencode)
foreach(_arch ${NAS_CUDA_ARCHITECTURES})
  list(APPEND _gencode -gencode "arch=compute_${_arch},code=sm_${_arch}")
endforeach()
list(GET NAS_CUDA_ARCHITECTURES -1 _newest)
list(APPEND _gencode -gencode "arch=compute_${_newest},code=compute_${_newest}")
set(_flags -std=c++17 -O3 -Xcompiler=-fPIC -Xcompiler=-Wall ${_gencode})
if(NAS_WERROR)
  list(APPEND _flags -Werror=all-warnings)
endif()
set(NAS_NVCC_FLAGS "${_flags}" CACHE INTERNAL "")

# nas_cuda_sources(TARGET [file.cu...]): compiles the files into TARGET, defines NAS_WITH_CUDA for its
# C++ and gives it the CUDA headers and runtime.
function(nas_cuda_sources name)
  target_compile_definitions(${name} PRIVATE NAS_WITH_CUDA)
  target_include_directories(${name} SYSTEM PRIVATE "${NAS_CUDA_INCLUDE_DIR}")
  target_link_libraries(${name} PUBLIC "${NAS_CUDART}")
  foreach(source ${ARGN})
    set(object "${CMAKE_CURRENT_BINARY_DIR}/${source}.o")
    add_custom_command(OUTPUT "${object}"
      COMMAND "${NAS_NVCC}" ${NAS_NVCC_FLAGS} -I "${CMAKE_SOURCE_DIR}" -MD -MF "${object}.d"
              -c "${CMAKE_CURRENT_SOURCE_DIR}/${source}" -o "${object}"
      DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${source}"
      DEPFILE "${object}.d"
      COMMENT "Compiling CUDA source ${source}" VERBATIM)
    set_source_files_properties("${object}" PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
    target_sources(${name} PRIVATE "${object}")
  endforeach()
endfunction()
