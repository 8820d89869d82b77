#pragma once

#include <string>

#include "base/bytes.h"

// One form for all the ways in which a message can be written, where its type is not known.
namespace retake {

// Fields in the order of their numbers, those of one number in the order they had, and every varint
// (tag, length, value) as short as it can be; groups likewise inside. This is exact: protobuf promises
// that nothing else changes. What a length-delimited field holds is left alone, since it may be text:
// "8001" and "0180" are the same two fields in another order, and not the same text. Bytes that are
// no message are their own form, and so are more than a million fields.
// The result is `message` itself when that is in the form already, else a view of `storage`.
ByteView exactForm(ByteView message, std::string& storage);

// A guess on top of exactForm(): what can be read as a message is taken for one, and repeated
// submessages of nothing but the fields 1 and 2, with distinct keys, for a map, whose entries have no
// order. Two messages of one exact form have one guessed form. Never leaves out or adds a field.
// The result is as that of exactForm().
ByteView guessedForm(ByteView message, std::string& storage);

}  // namespace retake
