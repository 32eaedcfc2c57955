/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-change-texts.h"

static RollPrivacy
privacy_of_field (const char *field)
{
  if (g_str_equal (field, "address"))
    return ROLL_PRIVATE_ADDRESS;
  if (g_str_equal (field, "computer_name"))
    return ROLL_PRIVATE_NAME;
  if (g_str_equal (field, "domain"))
    return ROLL_PRIVATE_DOMAIN;
  if (g_str_equal (field, "serial_number"))
    return ROLL_PRIVATE_SERIAL;
  return ROLL_PRIVATE_TEXT;
}

static char *
show (RollRedactor *redactor, RollPrivacy privacy, const char *text, const RollComputer *computer)
{
  return redactor != NULL ? roll_redactor_apply (redactor, privacy, text, computer) : g_strdup (text);
}

void
roll_change_texts_init (RollChangeTexts *texts, const RollChange *change, RollRedactor *redactor)
{
  char address[ROLL_ADDRESS_STRLEN];
  const RollComputer *computer;
  RollPrivacy privacy;

  g_return_if_fail (texts != NULL);
  g_return_if_fail (change != NULL);

  computer = change->computer;
  privacy = privacy_of_field (change->field);
  *texts = (RollChangeTexts) { .group = change->group, .field = change->field };
  texts->target = show (redactor, ROLL_PRIVATE_NAME, computer->target, computer);
  texts->address = show (redactor, ROLL_PRIVATE_ADDRESS, roll_address_format (&computer->address, address), NULL);
  if (computer->facts != NULL)
    texts->computer_name = show (redactor, ROLL_PRIVATE_NAME, computer->facts->computer_name, computer);
  texts->item = show (redactor, ROLL_PRIVATE_TEXT, change->item, computer);
  texts->before = show (redactor, privacy, change->before, computer);
  texts->after = show (redactor, privacy, change->after, computer);
}

void
roll_change_texts_clear (RollChangeTexts *texts)
{
  g_free (texts->target);
  g_free (texts->address);
  g_free (texts->computer_name);
  g_free (texts->item);
  g_free (texts->before);
  g_free (texts->after);
}
