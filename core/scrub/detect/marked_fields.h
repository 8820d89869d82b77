#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <mutex>
#include <unordered_map>

namespace retake {

// Whether a schema says of a field that it must not be shown: `debug_redact`, or an option of its own whose
// name (or whose enum value's name) says so, on the field or on the message that has it.
bool isMarkedSensitive(const google::protobuf::FieldDescriptor& field);

// What is known of message types, remembered. All functions may be called from any thread.
class FieldKnowledge {
 public:
  struct Of {
    bool marked = false;  // isMarkedSensitive()
    bool secret = false;  // its name says so (secret_names.h)
  };
  Of field(const google::protobuf::FieldDescriptor& field);
  // Whether in a message of that type, however deep, a field may stand that is one of these, or whose value a
  // name says what it is; or an Any, which may hold such a message. The bytes of a message do not tell.
  bool needsWalk(const google::protobuf::Descriptor& type);

 private:
  std::mutex m_mutex;
  std::unordered_map<const google::protobuf::FieldDescriptor*, Of> m_fields;
  std::unordered_map<const google::protobuf::Descriptor*, bool> m_types;
};

}  // namespace retake
