#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "edit/edit.h"
#include "recording/calls.h"
#include "schema/schema.h"

namespace retake::cli {

// Edits of a call, as `edit` names them: by the call's number and in JSON. An Error leaves the
// recording as it was before that edit. The schema must outlive it.
class CallEditor {
 public:
  CallEditor(Recording recording, const Schema& schema)
      : m_recording(std::move(recording)), m_schema(schema) {}

  // The answer of a call that has one: of a unary call, or the reply of a client stream. An error
  // becomes a success. A call that was never answered is answered.
  Result<void> setResponse(std::uint64_t call, const std::string& json);
  // How a call ends; details that were recorded are dropped. A stream without an end gets one.
  Result<void> setStatus(std::uint64_t call, const Status& status);
  // The call's `message`th message, sent or received, from 1.
  Result<void> setMessage(std::uint64_t call, std::uint64_t message, const std::string& json);
  // Copies a call, to stand right behind it. Gives the number of the copy; other calls that began behind it
  // count one more from here on.
  Result<std::uint32_t> duplicate(std::uint64_t call);
  Result<void> remove(std::uint64_t call);
  Result<void> apply(const Edit& edit);

  const Recording& recording() const { return m_recording; }

 private:
  Result<void> replaceMessage(const std::string& name, EntryId entry, const std::string& json);
  std::string typeOf(EntryId entry) const;

  Recording m_recording;
  const Schema& m_schema;
};

}  // namespace retake::cli
