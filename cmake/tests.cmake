# One test program per folder of src/, from the *_test.cc files beside the code.
find_package(GTest REQUIRED)
include(GoogleTest)

# wherry_test(NAME SOURCES...): a GoogleTest program that may look inside src/.
function(wherry_test name)
  add_executable(${name} ${ARGN})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${WHERRY_GENERATED} ${CMAKE_SOURCE_DIR}/tests)
  target_include_directories(${name} SYSTEM PRIVATE ${FLATBUFFERS_INCLUDE} ${JSON_INCLUDE})
  target_compile_definitions(${name} PRIVATE WHERRY_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    WHERRY_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
  target_link_libraries(${name} PRIVATE wherry GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60)
endfunction()

foreach(folder IN LISTS WHERRY_FOLDERS)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*_test.cc)
  if(sources)
    wherry_test(${folder}_test ${sources})
  endif()
endforeach()
if(TARGET api_test)
  target_compile_definitions(api_test PRIVATE WHERRY_BUILDING)  # see include/wherry/v1.h
endif()
if(EXISTS ${CMAKE_SOURCE_DIR}/tests/CMakeLists.txt)
  add_subdirectory(tests)
endif()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT WHERRY_SANITIZE AND NOT WHERRY_COVERAGE)
  add_test(NAME isa_symbols COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM}
    "-DOBJECTS=$<JOIN:$<TARGET_OBJECTS:wherry_kernels>,$<COMMA>>"
    -P ${CMAKE_SOURCE_DIR}/cmake/check_isa_symbols.cmake)
endif()
