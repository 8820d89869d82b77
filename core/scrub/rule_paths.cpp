#include "scrub/rule_paths.h"

#include <google/protobuf/descriptor.h>

#include <optional>
#include <vector>

#include "schema/field_path.h"
#include "schema/suggest.h"

namespace retake {
namespace {

namespace pb = google::protobuf;

// Each once, in the order of the names.
std::vector<const pb::Descriptor*> rootsOf(const Schema& schema) {
  std::vector<const pb::Descriptor*> roots;
  const auto add = [&](const pb::Descriptor* type) {
    for (const pb::Descriptor* other : roots)
      if (other == type) return;
    roots.push_back(type);
  };
  for (const std::string& name : schema.serviceNames())
    if (const pb::ServiceDescriptor* service = schema.pool().FindServiceByName(name))
      for (int i = 0; i < service->method_count(); ++i) {
        add(service->method(i)->input_type());
        add(service->method(i)->output_type());
      }
  if (roots.empty())
    for (const std::string& name : schema.messageNames())
      if (const pb::Descriptor* type = schema.message(name)) add(type);
  return roots;
}

bool suggests(const std::string& sentence) { return sentence.find("did you mean") != std::string::npos; }

std::string whyNowhere(const std::string& text, const Schema& schema) {
  const auto path = parseFieldPath(text);
  if (!path) return path.error().message;
  if (path->segments.front().kind == PathSegment::Kind::AnyDepth) return {};
  // Of the first type, or of one that has something near.
  std::optional<std::string> why;
  for (const pb::Descriptor* type : rootsOf(schema)) {
    const auto leads = checkFieldPath(*type, *path, true);
    if (leads) return {};
    const std::string& here = leads.error().message;
    if (!why || (!suggests(*why) && suggests(here))) why = here;
  }
  return why.value_or("");
}

}  // namespace

std::string whyLeadsNowhere(const ScrubRule& rule, const Schema& schema) {
  if (schema.isBuiltinOnly()) return {};
  if (rule.where.place == ScrubWhere::Place::Field) return whyNowhere(rule.where.path, schema);
  if (rule.where.place != ScrubWhere::Place::MessageType || schema.message(rule.where.path)) return {};
  return "message type \"" + rule.where.path + "\": the schema has none of this name" +
         didYouMean(rule.where.path, schema.messageNames());
}

}  // namespace retake
