#pragma once

namespace retake {

// Abseil as Debian builds it looks for deadlocks at each lock that gRPC takes: that is a fifth of what a call
// costs, and where calls run side by side a lock that all of them take. Turns it off for the whole process, so a
// program calls it, and no library.
void turnOffLockChecks();

}  // namespace retake
