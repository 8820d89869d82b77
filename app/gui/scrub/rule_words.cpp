#include "scrub/rule_words.h"

#include <QCoreApplication>

namespace retake::gui {
namespace {

QString trRule(const char* text) { return QCoreApplication::translate("RuleWords", text); }

}  // namespace

QString placeWords(ScrubWhere::Place place) {
  using Place = ScrubWhere::Place;
  switch (place) {
    case Place::AnyText:
      return trRule("any text that matches");
    case Place::Field:
      return trRule("a field");
    case Place::AnyString:
      return trRule("any string");
    case Place::AnyBytes:
      return trRule("any bytes");
    case Place::MessageType:
      return trRule("messages of a type");
    case Place::MetadataKey:
      return trRule("metadata");
    case Place::InitialState:
      return trRule("the initial state");
  }
  return {};
}

QString pathHint(ScrubWhere::Place place) {
  using Place = ScrubWhere::Place;
  switch (place) {
    case Place::Field:
      return trRule("user.email, items[*].token, **.password, 1.2");
    case Place::MessageType:
      return trRule("pkg.Message");
    case Place::MetadataKey:
      return trRule("authorization, or * for all");
    case Place::AnyText:
    case Place::AnyString:
    case Place::AnyBytes:
    case Place::InitialState:
      break;
  }
  return {};
}

QString actionWords(ScrubAction::Kind kind) {
  using Kind = ScrubAction::Kind;
  switch (kind) {
    case Kind::Redact:
      return trRule("redact");
    case Kind::Replace:
      return trRule("replace by");
    case Kind::Remove:
      return trRule("remove");
    case Kind::KeepLast:
      return trRule("keep the last");
    case Kind::Mask:
      return trRule("mask");
    case Kind::Hash:
      return trRule("hash");
    case Kind::Fake:
      return trRule("fake");
    case Kind::ShiftTime:
      return trRule("shift the time by");
  }
  return {};
}

QString actionHint(ScrubAction::Kind kind) {
  using Kind = ScrubAction::Kind;
  switch (kind) {
    case Kind::Redact:
      return trRule("“[scrubbed]” in its place; numbers become 0. All values look alike afterwards.");
    case Kind::Replace:
      return trRule("The same text in place of every value.");
    case Kind::Remove:
      return trRule("The field, element, map entry or metadata entry is gone.");
    case Kind::KeepLast:
      return trRule("All but the last characters become stars.");
    case Kind::Mask:
      return trRule("Letters and digits become stars; length and punctuation stay.");
    case Kind::Hash:
      return trRule("Equal values get equal tokens, so that joins survive. Needs a key.");
    case Kind::Fake:
      return trRule(
          "Another value of the same kind, the same one each time; valid where there is a checksum. "
          "Needs a key.");
    case Kind::ShiftTime:
      return trRule("All times move by the same span; gaps between them stay.");
  }
  return {};
}

bool needsKey(ScrubAction::Kind kind) {
  return kind == ScrubAction::Kind::Hash || kind == ScrubAction::Kind::Fake;
}

QString fakeWords(FakeKind kind) {
  switch (kind) {
    case FakeKind::Guess:
      return trRule("of the kind that it is");
    case FakeKind::Email:
      return trRule("e-mail address");
    case FakeKind::Name:
      return trRule("name");
    case FakeKind::Uuid:
      return trRule("UUID");
    case FakeKind::Number:
      return trRule("number");
    case FakeKind::IpAddress:
      return trRule("IP address");
    case FakeKind::Phone:
      return trRule("phone number");
    case FakeKind::CardNumber:
      return trRule("card number");
    case FakeKind::Iban:
      return trRule("IBAN");
  }
  return {};
}

}  // namespace retake::gui
