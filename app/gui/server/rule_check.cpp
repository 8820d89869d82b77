#include "server/rule_check.h"

#include "detail/strings.h"
#include "server/request_type.h"
#include "server/words.h"

namespace retake::gui {

namespace {

template <typename Visit>
bool anyRecordedMethod(const Snapshot& snapshot, const std::string& pattern, Visit visit) {
  const Recording& recording = *snapshot.recording;
  bool any = false;
  for (std::uint32_t i = 0; i < recording.methodCount(); ++i) {
    const std::string& method = recording.methodName(i);
    if (method.empty() || !methodMatches(pattern, method)) continue;
    any = true;
    if (visit(method)) break;
  }
  return any;
}

QString noSuchMethod(const std::string& pattern) {
  return trPanel("no recorded call has the method %1").arg(methodWords(pattern));
}

bool isByNumber(const FieldPath& path) {
  for (const PathSegment& segment : path.segments)
    if (segment.kind == PathSegment::Kind::Name) return false;
  return true;
}

}  // namespace

QString whyNoEffect(const Snapshot& snapshot, const IgnoreRule& rule) {
  if (rule.path.segments.empty()) return trPanel("the path is empty");
  bool leads = false;
  QString nowhere;
  const bool any = anyRecordedMethod(snapshot, rule.method, [&](const std::string& method) {
    const std::string type = requestTypeOf(snapshot, method);
    const auto* descriptor = snapshot.schema->message(type);
    if (descriptor == nullptr) {
      leads = isByNumber(rule.path);
      nowhere = trPanel("no schema tells the names of the fields of %1; by number it would do")
                    .arg(methodWords(method));
      return leads;
    }
    const auto checked = checkFieldPath(*descriptor, rule.path);
    leads = static_cast<bool>(checked);
    if (!leads) nowhere = toQString(checked.error().message);
    return leads;
  });
  if (!any) return noSuchMethod(rule.method);
  return leads ? QString() : nowhere;
}

QString whyNoEffect(const Snapshot& snapshot, const MetadataRule& rule) {
  if (!anyRecordedMethod(snapshot, rule.method, [](const std::string&) { return true; }))
    return noSuchMethod(rule.method);
  if (!snapshot.recording->hasExtras()) return trPanel("this recording holds no metadata");
  return {};
}

}  // namespace retake::gui
