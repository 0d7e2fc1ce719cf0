# Finds LibTorch: `Torch_DIR` (as CMake variable or in the environment), else the project's own
# Python environment, else the Python on PATH. Defines LibTorch::torch and LibTorch_CUDA.
#
# Torch's own package file is not used: with a CUDA build it insists on a whole CUDA Toolkit, also
# for programs that never include a CUDA header.

set(_torch_dir "${Torch_DIR}")
if(NOT _torch_dir)
  set(_torch_dir "$ENV{Torch_DIR}")
endif()
set(_torch_roots)
if(_torch_dir)
  # Torch_DIR names .../share/cmake/Torch; the root of the installation is three levels up.
  get_filename_component(_root "${_torch_dir}/../../.." ABSOLUTE)
  list(APPEND _torch_roots "${_root}" "${_torch_dir}")
else()
  file(GLOB _torch_roots "${CMAKE_SOURCE_DIR}/.deps/python/lib/python3*/site-packages/torch")
  if(NOT _torch_roots)
    execute_process(
      COMMAND python3 -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
      OUTPUT_VARIABLE _root OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    list(APPEND _torch_roots ${_root})
  endif()
endif()

find_path(LibTorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h
  HINTS ${_torch_roots} PATH_SUFFIXES include NO_DEFAULT_PATH)
foreach(_name torch torch_cpu c10)
  find_library(LibTorch_${_name}_LIBRARY ${_name}
    HINTS ${_torch_roots} PATH_SUFFIXES lib NO_DEFAULT_PATH)
endforeach()
foreach(_name torch_cuda c10_cuda)
  find_library(LibTorch_${_name}_LIBRARY ${_name}
    HINTS ${_torch_roots} PATH_SUFFIXES lib NO_DEFAULT_PATH)
endforeach()
# at::parallel_for, a template, does all its work on one thread in a unit compiled without OpenMP. Its
# threads are those of LibTorch where that brings its own runtime.
find_package(OpenMP REQUIRED COMPONENTS CXX)
file(GLOB LibTorch_OPENMP "${LibTorch_INCLUDE_DIR}/../lib/libgomp*.so*")
if(NOT LibTorch_OPENMP)
  set(LibTorch_OPENMP ${OpenMP_CXX_LIBRARIES})
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_INCLUDE_DIR LibTorch_torch_LIBRARY LibTorch_torch_cpu_LIBRARY LibTorch_c10_LIBRARY
  REASON_FAILURE_MESSAGE "run tools/setup, or set Torch_DIR, or make `python3 -c 'import torch'` work")

if(LibTorch_FOUND AND NOT TARGET LibTorch::torch)
  get_filename_component(LibTorch_LIBRARY_DIR "${LibTorch_torch_LIBRARY}" DIRECTORY)
  set(LibTorch_CUDA OFF)
  if(LibTorch_torch_cuda_LIBRARY AND LibTorch_c10_cuda_LIBRARY)
    set(LibTorch_CUDA ON)
  endif()
  add_library(LibTorch::torch INTERFACE IMPORTED)
  target_include_directories(LibTorch::torch SYSTEM INTERFACE
    "${LibTorch_INCLUDE_DIR}" "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
  # Nothing of ours calls into libtorch_cuda by name, yet it must be loaded to register its kernels.
  set(_libs "${LibTorch_torch_cpu_LIBRARY}" "${LibTorch_c10_LIBRARY}")
  if(LibTorch_CUDA)
    set(_libs -Wl,--no-as-needed "${LibTorch_torch_cuda_LIBRARY}" "${LibTorch_c10_cuda_LIBRARY}"
      -Wl,--as-needed ${_libs})
  endif()
  target_link_libraries(LibTorch::torch INTERFACE ${_libs} ${LibTorch_OPENMP} Threads::Threads)
  target_compile_options(LibTorch::torch INTERFACE
    "$<$<COMPILE_LANGUAGE:CXX>:${OpenMP_CXX_FLAGS}>")
  target_link_options(LibTorch::torch INTERFACE
    "-Wl,-rpath,${LibTorch_LIBRARY_DIR}" -Wl,--allow-shlib-undefined)
endif()
mark_as_advanced(LibTorch_INCLUDE_DIR)
