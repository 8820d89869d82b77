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

}  // namespace

FieldPath ignorePath(const pb::Descriptor* type, const Difference& difference) {
  FieldPath path = difference.path;
  for (PathSegment& segment : path.segments) {
    const pb::FieldDescriptor* field = type ? fieldOf(*type, segment) : nullptr;
    const bool isMap = field && field->is_map();
    const bool isLast = &segment == &path.segments.back();
    const bool onlyOne = isLast && difference.kind != Difference::Kind::Changed;
    if (!isMap && (difference.moved || onlyOne)) segment.index.reset();
    type = !field  ? nullptr
           : isMap ? field->message_type()->map_value()->message_type()
                   : field->message_type();
    if (type && !segment.anyType.empty()) type = type->file()->pool()->FindMessageTypeByName(segment.anyType);
  }
  return path;
}

}  // namespace retake
