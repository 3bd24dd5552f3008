# Installs headers, library, binary, the CMake package and the pkg-config file.
include(CMakePackageConfigHelpers)
install(TARGETS wherry EXPORT wherry-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/wherry DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT wherry-targets NAMESPACE wherry:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/wherry)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/wherry-config.cmake.in
  ${CMAKE_BINARY_DIR}/wherry-config.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/wherry)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/wherry-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/wherry-config.cmake ${CMAKE_BINARY_DIR}/wherry-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/wherry)
file(RELATIVE_PATH WHERRY_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_SOURCE_DIR}/cmake/wherry.pc.in ${CMAKE_BINARY_DIR}/wherry.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/wherry.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
