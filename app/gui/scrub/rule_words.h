#pragma once

#include <QString>

#include "scrub/rule.h"

// How the scrub pane says what a rule takes hold of, and what it does to that.
namespace retake::gui {

inline constexpr ScrubWhere::Place kPlaces[] = {
    ScrubWhere::Place::AnyText,     ScrubWhere::Place::Field,       ScrubWhere::Place::AnyString,
    ScrubWhere::Place::AnyBytes,    ScrubWhere::Place::MetadataKey, ScrubWhere::Place::MessageType,
    ScrubWhere::Place::InitialState};
QString placeWords(ScrubWhere::Place place);
// What the path of such a place is, as a placeholder; empty where it has none.
QString pathHint(ScrubWhere::Place place);

inline constexpr ScrubAction::Kind kActions[] = {ScrubAction::Kind::Redact, ScrubAction::Kind::Replace,
                                                 ScrubAction::Kind::Remove, ScrubAction::Kind::KeepLast,
                                                 ScrubAction::Kind::Mask,   ScrubAction::Kind::Hash,
                                                 ScrubAction::Kind::Fake,   ScrubAction::Kind::ShiftTime};
QString actionWords(ScrubAction::Kind kind);
// One sentence: what becomes of a value, and what that is good for.
QString actionHint(ScrubAction::Kind kind);
bool needsKey(ScrubAction::Kind kind);

inline constexpr FakeKind kFakes[] = {FakeKind::Guess, FakeKind::Email,      FakeKind::Name,
                                      FakeKind::Uuid,  FakeKind::Number,     FakeKind::IpAddress,
                                      FakeKind::Phone, FakeKind::CardNumber, FakeKind::Iban};
QString fakeWords(FakeKind kind);

}  // namespace retake::gui
