# One object library per folder of src/, put together as libwherry.
find_package(ZLIB REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(Threads REQUIRED)
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
