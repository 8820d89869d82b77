#pragma once

#include <QString>

// The recording that the start page offers, kept among the program's resources.
namespace retake::gui::sample {

// For Document::openSample.
QString recordingPath();
// Its .proto as a file: a schema is loaded from the disk. Written to a temporary folder that goes when
// the program ends; empty when that cannot be written.
QString schemaPath();

}  // namespace retake::gui::sample
