# One object library per folder of src/, put together as libwherry.
option(WHERRY_STATIC "link the wherry binary statically, so that it runs on any Linux of its processor" ON)
if(WHERRY_SANITIZE OR WHERRY_FUZZ OR WHERRY_COVERAGE OR NOT CMAKE_SYSTEM_NAME STREQUAL Linux)
  set(WHERRY_STATIC OFF)  # their runtimes are shared libraries
endif()
if(WHERRY_STATIC)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a ${CMAKE_FIND_LIBRARY_SUFFIXES})
endif()
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(Threads REQUIRED)
if(WHERRY_STATIC AND NOT "${ZLIB_LIBRARIES} ${JPEG_LIBRARIES} ${PNG_LIBRARY}" MATCHES "\\.a .*\\.a .*\\.a")
  message(STATUS "not all libraries are there in static form: the binary will need theirs at run time")
  set(WHERRY_STATIC OFF)
endif()
find_path(FLATBUFFERS_INCLUDE flatbuffers/flatbuffers.h REQUIRED)
find_path(JSON_INCLUDE nlohmann/json.hpp REQUIRED)

set(WHERRY_FOLDERS base ir ops kernels runtime tflite passes quantize keras convert check data api)
set(wherry_objects)
foreach(folder IN LISTS WHERRY_FOLDERS)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_(test|bench)\\.cc$")
  wherry_isa_sources(sources)
  if(NOT sources)
    continue()
  endif()
  add_library(wherry_${folder} OBJECT ${sources})
  target_include_directories(wherry_${folder} PRIVATE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src
    ${WHERRY_GENERATED})
  target_include_directories(wherry_${folder} SYSTEM PRIVATE ${FLATBUFFERS_INCLUDE} ${JSON_INCLUDE})
  if(folder STREQUAL kernels)
    target_compile_options(wherry_kernels PRIVATE -O2)  # register blocking needs it, in test builds too
  endif()
  if(folder STREQUAL keras)
    # What builds graphs runs once for each layer: half the size is worth more than speed, as every
    # page of the program counts as its memory.
    set(builders ${sources})
    list(FILTER builders INCLUDE REGEX "/(layers|functions|recurrent)/|/(recipe[^/]*|examine|survey)\\.cc$")
    set_source_files_properties(${builders} PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-Os>")
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND folder MATCHES "^(convert|data)$")
    # gcc 12 without full optimisation does not see that a moved Tensor has no quantisation to move
    target_compile_options(wherry_${folder} PRIVATE -Wno-maybe-uninitialized)
  endif()
  if(folder STREQUAL api)
    target_compile_definitions(wherry_api PRIVATE WHERRY_BUILDING)  # see include/wherry/v1.h
  endif()
  list(APPEND wherry_objects $<TARGET_OBJECTS:wherry_${folder}>)
endforeach()

add_library(wherry STATIC ${wherry_objects})
add_library(wherry::wherry ALIAS wherry)
target_include_directories(wherry PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(wherry PUBLIC cxx_std_20)
target_link_libraries(wherry PRIVATE ZLIB::ZLIB JPEG::JPEG PNG::PNG PUBLIC Threads::Threads)
