#include "initial_state_options.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "base/atomic_file.h"
#include "initial_state/state_guess.h"
#include "initial_state/state_text.h"
#include "schema/json_writer.h"
#include "schema/text.h"

namespace retake::cli {
namespace {

Result<std::string> guessedText(const OpenedFile& file, ByteView state, const Schema& schema) {
  const auto guess = guessState(state, schema);
  const StateForm form = guess ? guess->form : StateForm{};
  const std::string why = guess ? "a guess: " + describe(form) + " (" + formName(form) + "): " + guess->reason
                          : state.empty() ? "empty"
                                          : "no guess: nothing speaks for one form more than for another";
  std::fprintf(stderr, "%s: initial state: %s\n", printable(file.name).c_str(), printable(why).c_str());
  return initialStateText(state, form, schema);
}

Result<std::string> asJson(ByteView state, const Schema& schema, const std::string& formNamed) {
  JsonWriter json(JsonWriter::Style::OneLine);
  const auto addText = [&json](const StateForm& form, std::string_view text) {
    json.key("form");
    json.string(formName(form));
    json.key("text");
    json.string(text);
  };
  const auto guess = guessState(state, schema);
  json.beginObject();
  json.key("bytes");
  json.literal(std::to_string(state.size()));
  json.key("base64");
  json.string(toBase64(state));
  if (!formNamed.empty()) {
    auto form = formNamed == "guess" ? Result<StateForm>(guess ? guess->form : StateForm{})
                                     : optionForm("--as", formNamed);
    if (!form) return form.error();
    const auto text = stateText(state, *form, schema);
    if (!text) return Error{"initial state as " + formName(*form) + ": " + text.error().message};
    addText(*form, *text);
  }
  if (guess) {
    json.key("guess");
    json.beginObject();
    addText(guess->form, guess->text);
    json.key("reason");
    json.string(guess->reason);
    json.endObject();
  }
  json.endObject();
  return json.take() + "\n";
}

}  // namespace

Result<StateForm> optionForm(const std::string& option, const std::string& name) {
  auto form = formOfName(name);
  if (!form) return Error{option + ": " + form.error().message};
  return form;
}

Result<std::string> initialStateText(ByteView state, const StateForm& form, const Schema& schema) {
  auto text = stateText(state, form, schema);
  if (!text) return Error{"initial state as " + formName(form) + ": " + text.error().message};
  const bool asItStands = form.kind == StateForm::Kind::Utf8 || text->ends_with('\n');
  if (!text->empty() && !asItStands) *text += '\n';
  return text;
}

Result<void> writeInitialState(const OpenedFile& recording, const Schema& schema, const std::string& path,
                               const std::string& form) {
  if (path == "-")
    return Error{"--initial-state-to: expected a file, found standard output, where the addresses stand"};
  std::error_code unknown;
  if (std::filesystem::equivalent(path, recording.name, unknown))
    return Error{"--initial-state-to: expected another file than the recording, found " + inQuotes(path)};
  const auto state = recording.recording->initialState();
  if (!state) return state.error();
  std::string content(state->view);
  if (!form.empty()) {
    const auto known = optionForm("--initial-state-as", form);
    if (!known) return known.error();
    auto text = initialStateText(state->view, *known, schema);
    if (!text) return text.error();
    content = *std::move(text);
  }
  AtomicFile file(path);
  if (auto opened = file.open(); !opened) return opened;
  if (auto written = file.write(content); !written) return written;
  return file.commit();
}

Result<std::string> initialStateBytes(const std::string& value, const Schema& schema, ByteView original) {
  const auto equals = value.find('=');
  if (equals == std::string::npos)
    return Error{"--initial-state-as: expected FORM=TEXT or FORM=@FILE, found " + inQuotes(value)};
  const auto form = optionForm("--initial-state-as", value.substr(0, equals));
  if (!form) return form.error();
  const auto text = optionBytes(value.substr(equals + 1));
  if (!text) return text.error();
  StateParse parse = stateBytes(*text, *form, schema, original);
  if (parse.problem) return Error{"--initial-state-as: " + formName(*form) + ": " + describe(*parse.problem)};
  return std::move(parse.bytes);
}

std::string perhapsText(ByteView state, const Schema& schema) {
  using Kind = StateForm::Kind;
  const auto guess = guessState(state, schema);
  if (!guess || guess->form.kind == Kind::Utf8 || guess->form.kind == Kind::Json) return {};
  return ", perhaps " + describe(guess->form) + ": " + printable(guess->text);
}

Result<std::string> printedInitialState(const OpenedFile& file, const Schema& schema, const std::string& form,
                                        bool json) {
  const auto state = file.recording->initialState();
  if (!state) return state.error();
  if (json) return asJson(state->view, schema, form);
  if (form == "guess") return guessedText(file, state->view, schema);
  if (!form.empty()) {
    const auto known = optionForm("--as", form);
    if (!known) return known.error();
    return initialStateText(state->view, *known, schema);
  }
  if (isatty(STDOUT_FILENO) == 1 && !isPrintable(state->view))
    return Error{
        "standard output: expected a file or a pipe for an initial state that is no text, or --as FORM with "
        "it, "
        "found a terminal"};
  return std::string(state->view);
}

}  // namespace retake::cli
