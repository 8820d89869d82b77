# retake::core: the library, static, with what it is linked to.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(OpenSSL)
find_dependency(Protobuf)
find_dependency(gRPC CONFIG)  # and with it absl and re2
include(${CMAKE_CURRENT_LIST_DIR}/retakeTargets.cmake)
