#include <algorithm>
#include <cmath>
#include <limits>

#include "retake/workspace.pb.h"
#include "schema/text.h"
#include "schema/text_format.h"
#include "scrub/rule_messages.h"
#include "workspace/workspace.h"
#include "workspace/workspace_text.h"

namespace retake {
namespace {

using google::protobuf::Message;
using Places = google::protobuf::TextFormat::ParseInfoTree;

constexpr double kMaxCausalBoundSeconds = 24 * 60 * 60;

bool isVariableName(std::string_view name) {
  const bool digit = name.front() >= '0' && name.front() <= '9';
  return !digit && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

ExtraCalls extraCalls(v1::ExtraCalls extra) {
  if (extra == v1::RECORD) return ExtraCalls::Record;
  return extra == v1::FORWARD ? ExtraCalls::Forward : ExtraCalls::Fail;
}

RecordMode recordMode(v1::Record::Mode mode) {
  switch (mode) {
    case v1::Record::NONE:
      return RecordMode::None;
    case v1::Record::ONCE:
      return RecordMode::Once;
    case v1::Record::NEW_EPISODES:
      return RecordMode::NewEpisodes;
    default:
      return RecordMode::All;
  }
}

// Reads messages, and tells what is wrong with their fields where these stand.
class Reader {
 public:
  Reader(const v1::Workspace& message, Places& places, TextErrors& errors)
      : m_message(message), m_places(places), m_errors(errors) {}

  Workspace read() {
    Workspace out;
    for (int i = 0; i < m_message.schema_size(); ++i) {
      if (m_message.schema(i).empty()) complain({&m_message, &m_places}, "schema", i, "a place", "nothing");
      out.schema.push_back(m_message.schema(i));
    }
    out.policy.extra = extraCalls(m_message.extra_calls());
    known({&m_message, &m_places}, "extra_calls", v1::ExtraCalls_IsValid(m_message.extra_calls()),
          m_message.extra_calls());
    match(nested({&m_message, &m_places}, m_message.match(), "match"), m_message.match(), out.policy);
    pace(nested({&m_message, &m_places}, m_message.pace(), "pace"), m_message.pace(), out.policy.pace);
    out.upstream = upstream(m_message.upstream());
    for (int i = 0; i < m_message.listen_size(); ++i) out.listen.push_back(listen(m_message.listen(i), i));
    out.record = record(nested({&m_message, &m_places}, m_message.record(), "record"), m_message.record());
    out.notes = m_message.notes();
    out.scrub = scrub(nested({&m_message, &m_places}, m_message.scrub(), "scrub"), m_message.scrub());
    return out;
  }

 private:
  using At = TextPlace;
  static At nested(const At& at, const Message& message, const char* field, int index = -1) {
    return at.in(message, field, index);
  }

  void complain(const At& at, const char* field, int index, const std::string& expected,
                const std::string& found) {
    at.complain(m_errors, field, index, "expected " + expected + " for " + field + ", found " + found);
  }
  void complain(const At& at, const char* field, const std::string& expected, const std::string& found) {
    complain(at, field, -1, expected, found);
  }
  // Proto3's text format takes any number for an enum.
  void known(const At& at, const char* field, bool isKnown, int value) {
    if (!isKnown) complain(at, field, "one of its names", std::to_string(value));
  }

  void match(const At& at, const v1::Match& match, ReplayPolicy& out) {
    known(at, "reuse", v1::Reuse_IsValid(match.reuse()), match.reuse());
    out.match.reuse = match.reuse() == v1::LAST    ? Reuse::Last
                      : match.reuse() == v1::CYCLE ? Reuse::Cycle
                                                   : Reuse::Once;
    out.strictStreams = match.strict_streams();
    const auto rules = [&](const char* field, const auto& texts, const auto& parse, auto& into) {
      for (int i = 0; i < texts.size(); ++i) {
        if (auto rule = parse(texts[i]))
          into.push_back(*std::move(rule));
        else
          at.complain(m_errors, field, i, rule.error().message);
      }
    };
    rules("ignore", match.ignore(), parseIgnoreRule, out.match.ignore);
    rules("compare_metadata", match.compare_metadata(), parseMetadataRule, out.match.compareMetadata);
  }
  void pace(const At& at, const v1::Pace& pace, PacePolicy& out) {
    known(at, "kind", v1::Pace::Kind_IsValid(pace.kind()), pace.kind());
    out.pace = pace.kind() == v1::Pace::RECORDED ? Pace::Recorded
               : pace.kind() == v1::Pace::CAUSAL ? Pace::Causal
                                                 : Pace::Immediate;
    if (pace.has_speed()) {
      out.speed = pace.speed();
      if (!(out.speed > 0) || std::isinf(out.speed))
        complain(at, "speed", "a number above 0", doubleText(out.speed));
    }
    if (pace.has_causal_bound_seconds()) {
      const double seconds = pace.causal_bound_seconds();
      if (seconds >= 0.001 && seconds <= kMaxCausalBoundSeconds)
        out.causalBound = std::chrono::milliseconds(std::llround(seconds * 1000));
      else
        complain(at, "causal_bound_seconds", "a number from 0.001 to 86400 (a day)", doubleText(seconds));
    }
  }

  Upstream upstream(const v1::Upstream& message) {
    const At at = nested({&m_message, &m_places}, message, "upstream");
    if (m_message.has_upstream() && message.address().empty())
      complain({&m_message, &m_places}, "upstream", "an address", "none");
    const v1::Upstream::Tls& tls = message.tls();
    pair(nested(at, tls, "tls"), tls.cert_file(), tls.key_file());
    return {.address = message.address(),
            .tls = {.enabled = message.has_tls(),
                    .caFile = tls.ca_file(),
                    .certFile = tls.cert_file(),
                    .keyFile = tls.key_file(),
                    .serverName = tls.server_name()}};
  }

  Workspace::Listen listen(const v1::Listen& message, int index) {
    const At top{&m_message, &m_places};
    const At at = nested(top, message, "listen", index);
    if (message.address().empty()) complain(top, "listen", index, "an address", "none");
    const v1::Listen::Tls& tls = message.tls();
    if (message.has_tls() && tls.cert_file().empty() && tls.key_file().empty())
      complain(at, "tls", "cert_file and key_file", "neither");
    pair(nested(at, tls, "tls"), tls.cert_file(), tls.key_file());
    return {
        .address = message.address(),
        .tls = {
            .certFile = tls.cert_file(), .keyFile = tls.key_file(), .clientCaFile = tls.client_ca_file()}};
  }

  Workspace::Record record(const At& at, const v1::Record& message) {
    Workspace::Record out{.mode = {}, .plain = message.plain()};
    known(at, "mode", v1::Record::Mode_IsValid(message.mode()), message.mode());
    if (message.has_mode()) out.mode = recordMode(message.mode());
    return out;
  }

  ScrubSettings scrub(const At& at, const v1::Scrub& message) {
    ScrubSettings out;
    out.on = !message.off();
    out.rules = readRules(at, message.rule(), m_errors);
    for (int i = 0; i < message.rule_file_size(); ++i) {
      if (message.rule_file(i).empty()) complain(at, "rule_file", i, "a file", "nothing");
      out.ruleFiles.push_back(message.rule_file(i));
    }
    out.keyFile = message.key_file();
    out.keyVariable = message.key_variable();
    if (!out.keyFile.empty() && !out.keyVariable.empty())
      at.complain(m_errors, "key_variable", -1, "expected one of key_file and key_variable, found both");
    // What is found is not told: somebody may have put the key here.
    if (!out.keyVariable.empty() && !isVariableName(out.keyVariable))
      at.complain(
          m_errors, "key_variable", -1,
          "expected the name of an environment variable (letters, digits and \"_\") for key_variable, "
          "found another text");
    return out;
  }

  void pair(const At& tls, const std::string& certFile, const std::string& keyFile) {
    if (certFile.empty() == keyFile.empty()) return;
    const bool cert = keyFile.empty();
    complain(tls, cert ? "cert_file" : "key_file", cert ? "a key_file beside it" : "a cert_file beside it",
             "none");
  }

  const v1::Workspace& m_message;
  Places& m_places;
  TextErrors& m_errors;
};

}  // namespace

Result<Workspace> parseWorkspace(std::string_view text) {
  if (text.size() > kMaxTextFileBytes)
    return Error{"1:1: expected a workspace of at most 16 MiB, found " + std::to_string(text.size()) +
                 " bytes"};
  text = withoutByteOrderMark(text);
  v1::Workspace message;
  TextErrors errors(text, *v1::Workspace::descriptor(), "the workspace");
  Places places;
  const bool parsed = parseTextFormat(text, message, places, errors);
  Workspace workspace;
  if (parsed) workspace = Reader(message, places, errors).read();
  if (!errors.empty()) return Error{errors.take()};
  if (!parsed) return Error{"1:1: expected a workspace in text format"};
  workspace.comment = leadingComment(text);
  if (workspace.comment.starts_with(kWorkspaceHeader)) workspace.comment.erase(0, kWorkspaceHeader.size());
  return workspace;
}

}  // namespace retake
