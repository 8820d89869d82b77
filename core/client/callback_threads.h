#pragma once

namespace retake {

// gRPC's threads for callbacks end with the last channel or server that has any, and whoever lets go of that
// waits for them: which aborts the program if it is one of them, as at the end of a call that nobody else
// holds a channel for. Behind this they stay for as long as the program runs. Cheap but for the first time.
void keepCallbackThreads();

}  // namespace retake
