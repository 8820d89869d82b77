#pragma once

#include <cstdint>

namespace retake {

// Ends both directions of every TCP connection of this process that was accepted on `port`, and of the
// sockets that listen there; what was written before still goes out. The descriptors stay gRPC's, which
// sees an end of file and closes them. gRPC has no call for this: GOAWAY lets calls in that it then
// cancels.
void closeConnections(std::uint16_t port);

}  // namespace retake
