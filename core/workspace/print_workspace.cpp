#include "retake/workspace.pb.h"
#include "schema/text_format.h"
#include "scrub/rule_messages.h"
#include "workspace/workspace.h"
#include "workspace/workspace_text.h"

namespace retake {
namespace {

v1::Match matchOf(const ReplayPolicy& policy) {
  v1::Match match;
  match.set_reuse(policy.match.reuse == Reuse::Once   ? v1::ONCE
                  : policy.match.reuse == Reuse::Last ? v1::LAST
                                                      : v1::CYCLE);
  for (const IgnoreRule& rule : policy.match.ignore) match.add_ignore(toString(rule));
  for (const MetadataRule& rule : policy.match.compareMetadata) match.add_compare_metadata(toString(rule));
  match.set_strict_streams(policy.strictStreams);
  return match;
}

v1::Pace paceOf(const PacePolicy& policy) {
  const PacePolicy defaults;
  v1::Pace pace;
  pace.set_kind(policy.pace == Pace::Immediate  ? v1::Pace::IMMEDIATE
                : policy.pace == Pace::Recorded ? v1::Pace::RECORDED
                                                : v1::Pace::CAUSAL);
  if (policy.speed != defaults.speed) pace.set_speed(policy.speed);
  if (policy.causalBound != defaults.causalBound)
    pace.set_causal_bound_seconds(static_cast<double>(policy.causalBound.count()) / 1000);
  return pace;
}

v1::Upstream upstreamOf(const Upstream& upstream) {
  v1::Upstream out;
  out.set_address(upstream.address);
  if (upstream.tls.enabled) {
    v1::Upstream::Tls& tls = *out.mutable_tls();
    tls.set_ca_file(upstream.tls.caFile);
    tls.set_cert_file(upstream.tls.certFile);
    tls.set_key_file(upstream.tls.keyFile);
    tls.set_server_name(upstream.tls.serverName);
  }
  return out;
}

v1::Listen listenOf(const Workspace::Listen& listen) {
  v1::Listen out;
  out.set_address(listen.address);
  if (listen.tls != ServerTls{}) {
    v1::Listen::Tls& tls = *out.mutable_tls();
    tls.set_cert_file(listen.tls.certFile);
    tls.set_key_file(listen.tls.keyFile);
    tls.set_client_ca_file(listen.tls.clientCaFile);
  }
  return out;
}

v1::Scrub scrubOf(const ScrubSettings& settings) {
  v1::Scrub out;
  out.set_off(!settings.on);
  writeRules(settings.rules, *out.mutable_rule());
  for (const std::string& file : settings.ruleFiles) out.add_rule_file(file);
  out.set_key_file(settings.keyFile);
  out.set_key_variable(settings.keyVariable);
  return out;
}

v1::Record recordOf(const Workspace::Record& record) {
  v1::Record out;
  if (record.mode)
    out.set_mode(*record.mode == RecordMode::All    ? v1::Record::ALL
                 : *record.mode == RecordMode::None ? v1::Record::NONE
                 : *record.mode == RecordMode::Once ? v1::Record::ONCE
                                                    : v1::Record::NEW_EPISODES);
  out.set_plain(record.plain);
  return out;
}

v1::ExtraCalls extraCallsOf(ExtraCalls extra) {
  if (extra == ExtraCalls::Record) return v1::RECORD;
  return extra == ExtraCalls::Forward ? v1::FORWARD : v1::FAIL;
}

v1::Workspace messageOf(const Workspace& workspace) {
  v1::Workspace out;
  for (const std::string& place : workspace.schema) out.add_schema(place);
  // A message that holds defaults alone would be printed as "match {}".
  if (const v1::Match match = matchOf(workspace.policy); match.ByteSizeLong() > 0)
    *out.mutable_match() = match;
  if (const v1::Pace pace = paceOf(workspace.policy.pace); pace.ByteSizeLong() > 0)
    *out.mutable_pace() = pace;
  out.set_extra_calls(extraCallsOf(workspace.policy.extra));
  if (workspace.upstream != Upstream{}) *out.mutable_upstream() = upstreamOf(workspace.upstream);
  for (const Workspace::Listen& listen : workspace.listen) *out.add_listen() = listenOf(listen);
  out.set_notes(workspace.notes);
  if (workspace.record != Workspace::Record{}) *out.mutable_record() = recordOf(workspace.record);
  if (workspace.scrub != ScrubSettings{}) *out.mutable_scrub() = scrubOf(workspace.scrub);
  return out;
}

}  // namespace

std::string printWorkspace(const Workspace& workspace) {
  const std::string text = printTextFormat(messageOf(workspace));
  return std::string(kWorkspaceHeader) + workspace.comment + (text.empty() ? "" : "\n") + text;
}

}  // namespace retake
