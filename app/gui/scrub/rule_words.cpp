#include "scrub/rule_words.h"

#include <QCoreApplication>

namespace retake::gui {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("RuleWords", text); }

}  // namespace

QString placeWords(ScrubWhere::Place place) {
  using Place = ScrubWhere::Place;
  switch (place) {
    case Place::AnyText:
      return tr("any text that matches");
    case Place::Field:
      return tr("a field");
    case Place::AnyString:
      return tr("any string");
    case Place::AnyBytes:
      return tr("any bytes");
    case Place::MessageType:
      return tr("messages of a type");
    case Place::MetadataKey:
      return tr("metadata");
    case Place::InitialState:
      return tr("the initial state");
  }
  return {};
}

QString pathHint(ScrubWhere::Place place) {
  using Place = ScrubWhere::Place;
  switch (place) {
    case Place::Field:
      return tr("user.email, items[*].token, **.password, 1.2");
    case Place::MessageType:
      return tr("pkg.Message");
    case Place::MetadataKey:
      return tr("authorization, or * for all");
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
      return tr("redact");
    case Kind::Replace:
      return tr("replace by");
    case Kind::Remove:
      return tr("remove");
    case Kind::KeepLast:
      return tr("keep the last");
    case Kind::Mask:
      return tr("mask");
    case Kind::Hash:
      return tr("hash");
    case Kind::Fake:
      return tr("fake");
    case Kind::ShiftTime:
      return tr("shift the time by");
  }
  return {};
}

QString actionHint(ScrubAction::Kind kind) {
  using Kind = ScrubAction::Kind;
  switch (kind) {
    case Kind::Redact:
      return tr("“[scrubbed]” in its place; numbers become 0. All values look alike afterwards.");
    case Kind::Replace:
      return tr("The same text in place of every value.");
    case Kind::Remove:
      return tr("The field, element, map entry or metadata entry is gone.");
    case Kind::KeepLast:
      return tr("All but the last characters become stars.");
    case Kind::Mask:
      return tr("Letters and digits become stars; length and punctuation stay.");
    case Kind::Hash:
      return tr("Equal values get equal tokens, so that joins survive. Needs a key.");
    case Kind::Fake:
      return tr(
          "Another value of the same kind, the same one each time; valid where there is a checksum. "
          "Needs a key.");
    case Kind::ShiftTime:
      return tr("All times move by the same span; gaps between them stay.");
  }
  return {};
}

bool needsKey(ScrubAction::Kind kind) {
  return kind == ScrubAction::Kind::Hash || kind == ScrubAction::Kind::Fake;
}

QString fakeWords(FakeKind kind) {
  switch (kind) {
    case FakeKind::Guess:
      return tr("of the kind that it is");
    case FakeKind::Email:
      return tr("e-mail address");
    case FakeKind::Name:
      return tr("name");
    case FakeKind::Uuid:
      return tr("UUID");
    case FakeKind::Number:
      return tr("number");
    case FakeKind::IpAddress:
      return tr("IP address");
    case FakeKind::Phone:
      return tr("phone number");
    case FakeKind::CardNumber:
      return tr("card number");
    case FakeKind::Iban:
      return tr("IBAN");
  }
  return {};
}

}  // namespace retake::gui
