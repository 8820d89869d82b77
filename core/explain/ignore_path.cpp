#include "explain/ignore_path.h"

#include <google/protobuf/descriptor.h>

namespace retake {
namespace {

namespace pb = google::protobuf;

const pb::FieldDescriptor* fieldOf(const pb::Descriptor& type, const PathSegment& segment) {
  const pb::DescriptorPool& pool = *type.file()->pool();
  if (segment.kind == PathSegment::Kind::Number) {
    const auto number = static_cast<int>(segment.number);
    const pb::FieldDescriptor* field = type.FindFieldByNumber(number);
    return field ? field : pool.FindExtensionByNumber(&type, number);
  }
  const std::string& name = segment.name;
  if (name.size() > 2 && name.front() == '[')
    return pool.FindExtensionByName(name.substr(1, name.size() - 2));
  return type.FindFieldByName(name);
}

// Whether the path ends at an entry of a map.
bool endsInMap(const pb::Descriptor* type, const FieldPath& path) {
  bool isMap = false;
  for (const PathSegment& segment : path.segments) {
    const pb::FieldDescriptor* field = type ? fieldOf(*type, segment) : nullptr;
    isMap = field && field->is_map();
    type = !field  ? nullptr
           : isMap ? field->message_type()->map_value()->message_type()
                   : field->message_type();
    if (type && !segment.anyType.empty()) type = type->file()->pool()->FindMessageTypeByName(segment.anyType);
  }
  return isMap;
}

}  // namespace

FieldPath ignorePath(const pb::Descriptor* type, const Difference& difference) {
  FieldPath path = difference.path;
  const bool isElement = !path.segments.empty() && path.segments.back().index;
  if (difference.kind != Difference::Kind::Changed && isElement && !endsInMap(type, path))
    path.segments.back().index.reset();
  return path;
}

}  // namespace retake
