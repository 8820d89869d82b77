#pragma once

#include <QString>
#include <QWidget>
#include <cstdint>
#include <optional>

#include "base/result.h"

namespace retake::gui {

class FilterEdit;

// The line below a filter: how it is read, or where it cannot be and why. Nothing while there is no filter.
class FilterReading : public QWidget {
  Q_OBJECT
 public:
  // `edit` stands above, not necessarily right above; must outlive this.
  explicit FilterReading(const FilterEdit& edit, QWidget* parent = nullptr);

  // What is said besides: how far a search is, what is still shown.
  void showWords(const QString& words, const QString& besides = {});
  void showError(const Error& error, const QString& besides = {});
  QString text() const;

  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void update(const QString& said, const QString& besides, std::optional<std::uint64_t> caret);

  const FilterEdit& m_edit;
  QString m_said;
  QString m_besides;
  std::optional<std::uint64_t> m_caret;  // byte of the filter
};

}  // namespace retake::gui
