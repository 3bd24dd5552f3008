# kernel_bench: every kernel in every form, from the *_bench.cc files beside the kernels.
find_package(benchmark QUIET)
if(benchmark_FOUND)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/*_bench.cc)
  add_executable(kernel_bench EXCLUDE_FROM_ALL ${sources})
  target_include_directories(kernel_bench PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(kernel_bench PRIVATE wherry benchmark::benchmark benchmark::benchmark_main)
endif()
