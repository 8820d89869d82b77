#include "server/options_section.h"

#include <QLabel>

#include "detail/form_labels.h"
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
  QList<QFormLayout*> forms;
  for (const OptionsSection* section : sections) forms << section->m_form;
  alignLabels(forms);
}

}  // namespace retake::gui
