#pragma once

#include "format/format.h"

namespace retake {

const Format& replayBinaryFormat();

}  // namespace retake
