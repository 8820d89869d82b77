#include "script.h"

#include <cstdlib>
#include <sstream>

#include "base/wire.h"
#include "recording/status.h"
#include "support/replay_file.h"

namespace retake::test {
namespace {

Message named(const std::string& name) { return {"t.Message", field(1, name)}; }

Status statusOf(const std::string& code) {
  return {.code = std::stoi(code), .message = "recorded", .details = {}};
}

std::string nameIn(ByteView message) {
  WireCursor cursor(message);
  const auto field = cursor.next();
  return field ? std::string(field->bytes) : "(empty)";
}

Metadata metadataOf(const std::string& pair) {
  const auto equals = pair.find('=');
  return equals == std::string::npos ? Metadata{}
                                     : Metadata{{pair.substr(0, equals), pair.substr(equals + 1)}};
}

void addExtra(ReplayFile& file, const std::string& word) {
  if (word == "@half")
    file.halfClosedBefore();
  else if (word == "@client")
    file.cancelledBy(EntryExtras::Canceller::Client);
  else if (word == "@server")
    file.cancelledBy(EntryExtras::Canceller::Server);
  else if (word == "@recorder")
    file.cancelledBy(EntryExtras::Canceller::Recorder);
  else if (word.starts_with("@h:"))
    file.headers(metadataOf(word.substr(3)));
  else if (word.starts_with("@t:"))
    file.trailers(metadataOf(word.substr(3)));
  else
    file.at(std::chrono::milliseconds(std::stoi(word.substr(1))));
}

std::string inBraces(const Metadata& metadata) {
  std::string text = " {";
  for (const auto& [key, value] : metadata) text += (text.size() > 2 ? " " : "") + key + "=" + value;
  return text + "}";
}

void addCall(ReplayFile& file, const std::string& words) {
  std::istringstream in(words);
  std::string word;
  in >> word;
  if (word == "u") {
    in >> word;
    const auto arrow = word.find('>');
    const std::uint32_t ref = file.request(kMethod, named(word.substr(0, arrow)));
    const std::string answer = arrow == std::string::npos ? std::string() : word.substr(arrow + 1);
    if (answer == "!")
      file.record(serializeEntry(EntryKind::Response, {}, std::nullopt, true, ref));
    else if (answer.starts_with('!'))
      file.response(ref, statusOf(answer.substr(1)));
    else if (!answer.empty())
      file.response(ref, named(answer));
    while (in >> word) addExtra(file, word);
    return;
  }
  std::uint32_t ref = 0;
  while (in >> word) {
    const std::string value = word.size() > 2 ? word.substr(2) : "";
    if (word.starts_with("F:")) ref = file.createStream(kMethod, statusOf(value));
    if (ref == 0) ref = file.createStream(kMethod);
    if (word.starts_with("@")) addExtra(file, word);
    if (word.starts_with("S:")) file.send(ref, named(value));
    if (word.starts_with("R:")) file.recv(ref, named(value));
    if (word.starts_with("E:")) file.recv(ref, statusOf(value));
    if (word == "E") file.recvEnd(ref);
    if (word == "X") file.sendFailed(ref);
  }
  if (ref == 0) file.createStream(kMethod);
}

struct Played {
  std::string actions;
  std::string notes;
};

Played run(Replayer& replayer, const std::string& steps) {
  static std::uint64_t sequence = 0;
  ReplaySession session = replayer.open(kMethod, ++sequence);
  Played played;
  std::istringstream in(steps);
  std::string step;
  bool over = false;
  while (in >> step && !over) {
    Reaction reaction;
    std::string did;
    const auto add = [&](const std::string& what) { did += (did.empty() ? " " : ", ") + what; };
    if (step == "open")
      session.opened(reaction);
    else if (step == "half")
      session.halfClosed(reaction);
    else if (step == "timer")
      session.timerFired(reaction);
    else if (step == "woken")
      session.woken(reaction);
    else if (step == "cancel")
      add(session.cancelled() == ReplayEvent::Outcome::Served ? "served" : "aborted");
    else
      session.message(field(1, step), reaction);
    if (reaction.miss) reaction.end = endOfMiss(replayer.explain(*session.served(), *reaction.miss));
    if (reaction.headers) add("headers");
    if (reaction.metadata && (reaction.headers || !reaction.metadata->empty()))
      did += (reaction.headers ? "" : did.empty() ? " with" : ", with") + inBraces(*reaction.metadata);
    for (const std::uint32_t position : reaction.messages) {
      const auto payload = session.payload(position);
      add(payload ? nameIn(payload->view) : payload.error().message);
    }
    if (reaction.timer == Reaction::Timer::Arm) add("wait " + std::to_string(reaction.after.count()));
    if (reaction.end) {
      over = true;
      static constexpr const char* kOutcomes[] = {"", " missed", " forwarded", " refused", " aborted"};
      add(statusCodeName(reaction.end->status.code) + kOutcomes[static_cast<int>(reaction.end->outcome)]);
      if (!reaction.end->trailers.empty()) did += inBraces(reaction.end->trailers);
      played.notes += reaction.end->status.message + "\n";
    }
    for (const std::string& note : reaction.notes) played.notes += note + "\n";
    played.actions += (played.actions.empty() ? "" : " | ") + step + ":" + did;
  }
  return played;
}

}  // namespace

std::string bytesOf(const std::string& calls) {
  ReplayFile file;
  std::istringstream in(calls);
  std::string call;
  while (std::getline(in, call, ';')) addCall(file, call);
  return file.bytes();
}

std::shared_ptr<const Recording> recordingOf(const std::string& calls) {
  return readRecording(bytesOf(calls));
}

std::string play(Replayer& replayer, const std::string& steps) { return run(replayer, steps).actions; }
std::string notes(Replayer& replayer, const std::string& steps) { return run(replayer, steps).notes; }

std::unique_ptr<Replayer> replayerOf(const std::string& calls, ReplayPolicy policy) {
  auto replayer = Replayer::create(recordingOf(calls), Schema::builtin(), std::move(policy));
  if (!replayer) std::abort();
  return *std::move(replayer);
}

}  // namespace retake::test
