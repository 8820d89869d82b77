#include "server/options_section.h"

#include <QLabel>
#include <algorithm>
#include <vector>

#include "detail/text_label.h"
#include "theme/theme.h"

namespace retake::gui {

OptionsSection::OptionsSection(const QString& title, QWidget* parent)
    : QWidget(parent), m_form(new QFormLayout) {
  setAccessibleName(title);
  auto* heading = new TextLabel(theme::Role::TextMuted);
  heading->setText(title);
  m_form->setContentsMargins(0, 0, 0, 0);
  m_form->setHorizontalSpacing(theme::kGroupGap);
  m_form->setVerticalSpacing(theme::kGrid);
  m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme::kGrid);
  layout->addWidget(heading);
  layout->addLayout(m_form);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void OptionsSection::addRow(const QString& label, QWidget* field) { m_form->addRow(label, field); }

void OptionsSection::addRow(QWidget* field) { m_form->addRow(field); }

void OptionsSection::setRowShown(QWidget* field, bool shown) { m_form->setRowVisible(field, shown); }

void OptionsSection::align(std::initializer_list<OptionsSection*> sections) {
  std::vector<QWidget*> labels;
  int widest = 0;
  for (const OptionsSection* section : sections)
    for (int row = 0; row < section->m_form->rowCount(); ++row)
      if (const QLayoutItem* item = section->m_form->itemAt(row, QFormLayout::LabelRole);
          item && item->widget()) {
        labels.push_back(item->widget());
        widest = std::max(widest, item->widget()->sizeHint().width());
      }
  for (QWidget* label : labels) label->setMinimumWidth(widest);
}

}  // namespace retake::gui
