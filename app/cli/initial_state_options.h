#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "command.h"
#include "initial_state/state_form.h"
#include "schema/schema.h"

namespace retake::cli {

// For the help of a command that takes a FORM.
inline constexpr const char* kFormHelp =
    "FORM is hex, base64, utf8, json, go-time (RFC 3339), message:TYPE, message (fields by number), or an "
    "integer:\n"
    "int or uint, 8, 16, 32 or 64, le or be, as in uint64be.";

// The form that the value of `option` names.
Result<StateForm> optionForm(const std::string& option, const std::string& name);

// The initial state in that form, with a line end behind it; as utf8 and json just as it stands, where it
// ends with one. Nothing of an empty one.
Result<std::string> initialStateText(ByteView state, const StateForm& form, const Schema& schema);

// Writes it to a file, as `serve` does: its bytes, or that text where a form is named. An Error where the
// file is the recording itself.
Result<void> writeInitialState(const OpenedFile& recording, const Schema& schema, const std::string& path,
                               const std::string& form);

// The bytes that "FORM=TEXT" or "FORM=@FILE" stands for, in place of `original`.
Result<std::string> initialStateBytes(const std::string& value, const Schema& schema, ByteView original);

// ", perhaps a Go time: 2019-05-12T14:18:56Z", of what is no text by itself; else nothing.
std::string perhapsText(ByteView state, const Schema& schema);

// What `print --initial-state` prints. Without a form the bytes themselves; "guess" for the guessed form,
// which is then named on standard error. With `json` one object: bytes, base64, guess {form, text, reason},
// and form and text where a form is asked for.
Result<std::string> printedInitialState(const OpenedFile& file, const Schema& schema, const std::string& form,
                                        bool json);

}  // namespace retake::cli
