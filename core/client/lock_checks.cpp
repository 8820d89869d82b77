#include "client/lock_checks.h"

#include <absl/synchronization/mutex.h>

namespace retake {

void turnOffLockChecks() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }

}  // namespace retake
