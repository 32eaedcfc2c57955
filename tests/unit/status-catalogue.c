/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "status/roll-causes-private.h"
#include "status/roll-causes-rule.h"

#define PAGE_HEAD                                                                                            \
  "<causes>\n<page "                                                                                         \
  "status='connection-refused'>\n<meaning>M.</meaning>\n<retry>R.</retry>\n<steps>S.</steps>\n"
#define PAGE_TAIL "</page>\n</causes>\n"
#define CAUSE(attributes) "<cause " attributes ">\n<text>T.</text>\n</cause>\n"

static RollCatalogue *
parse (const char *text, GError **error)
{
  return roll_catalogue_parse (text, strlen (text), error);
}

/* Every way to spoil the file is refused, and the error names the line. */
static void
test_spoilt_files_are_refused (void)
{
  static const struct
  {
    const char *text;
    int line;
  } cases[] = {
    { "", 0 },
    { "<causes>\n<page", 2 },
    { "<causes>\n", 2 },
    { "<causes>\n\xff\n</causes>", 0 },
    { "<html/>", 1 },
    { "<causes><causes/></causes>", 1 },
    { "<causes>\nstray\n</causes>", 3 },
    { "<causes>\n<page status='nonsense'/></causes>", 2 },
    { "<causes>\n<page status='reachable'/></causes>", 2 },
    { "<causes>\n<page status='103'/></causes>", 2 },
    { "<causes>\n<page/></causes>", 2 },
    { "<causes>\n<page status='success' colour='red'/></causes>", 2 },
    { "<causes>\n<page status='success'>\n<meaning>M.</meaning></page></causes>", 3 },
    { PAGE_HEAD "<meaning>Again.</meaning>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<number> </number>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<number>EWHAT</number>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<number at='connect'>ETIMEDOUT</number>" PAGE_TAIL, 6 },
    { PAGE_HEAD "</page><page status='connection-refused'>" PAGE_TAIL, 6 },
    { PAGE_HEAD CAUSE ("id='CRF.1' prior='certain'") PAGE_TAIL, 6 },
    { PAGE_HEAD CAUSE ("id='crf.1' prior='low'") PAGE_TAIL, 6 },
    { PAGE_HEAD CAUSE ("id='CRF.01' prior='low'") PAGE_TAIL, 6 },
    { PAGE_HEAD CAUSE ("id='CRF1' prior='low'") PAGE_TAIL, 6 },
    { PAGE_HEAD CAUSE ("id='CRF.' prior='low'") PAGE_TAIL, 6 },
    { PAGE_HEAD CAUSE ("id='CRFX.1' prior='low'") PAGE_TAIL, 6 },
    { PAGE_HEAD CAUSE ("id='CRF.1'") PAGE_TAIL, 6 },
    { PAGE_HEAD CAUSE ("id='CRF.1' prior='low'") CAUSE ("id='CRF.1' prior='low'") PAGE_TAIL, 9 },
    { PAGE_HEAD "<cause ref='CRF.1'/>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<cause id='CRF.1' prior='low'>\n</cause>" PAGE_TAIL, 7 },
    { PAGE_HEAD
      "<cause id='CRF.1' prior='low'>\n<text>T.</text><cause id='CRF.2' prior='low'/></cause>" PAGE_TAIL,
      7 },
    { PAGE_HEAD "<check where='elsewhere'><text>T.</text></check>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<check><text>T.</text></check>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<check where='here'><command>true</command></check>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<check ref='CK.1'/>" PAGE_TAIL, 6 },
    { "<causes>\n<check where='here'><text>T.</text></check></causes>", 2 },
    { PAGE_HEAD "<fix where='here'><text>T.</text></fix>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<fix where='here' risk='green'><text>T.</text></fix>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<fix where='here' risk='opens-access'><text>T.</text></fix>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<fix ref='FX.1'/>" PAGE_TAIL, 6 },
    { PAGE_HEAD "<cause id='CRF.1' prior='low'>\n<evidence speaks='maybe'>E.</evidence></cause>" PAGE_TAIL,
      7 },
    { PAGE_HEAD
      "<cause id='CRF.1' prior='low'>\n<evidence speaks='for' rule='step ='>E.</evidence></cause>" PAGE_TAIL,
      7 },
    { PAGE_HEAD "<cause id='CRF.1' prior='low'>\n<evidence speaks='for'/></cause>" PAGE_TAIL, 7 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *prefix = g_strdup_printf ("Error on line %d", cases[i].line);

      g_test_message ("%s", cases[i].text);
      g_assert_null (parse (cases[i].text, &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == G_MARKUP_ERROR);
      g_test_message ("%s", error->message);
      if (cases[i].line > 0)
        g_assert_true (g_str_has_prefix (error->message, prefix));
    }
}

/* Cut anywhere, the file is refused and nothing leaks or crashes. */
static void
test_cut_files_are_refused (void)
{
  static const char text[] = PAGE_HEAD "<number>ECONNREFUSED</number>"
                                       "<cause id='CRF.1' prior='low'><text>T.</text><evidence speaks='for' "
                                       "rule='not same-subnet'>E.</evidence>"
                                       "<check where='here'><text>C.</text></check><fix where='here' "
                                       "risk='harmless'><text>F.</text></fix></cause>"
                                       "</page></causes>";

  for (gsize length = 0; length < sizeof text - 1; length++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (roll_catalogue_parse (text, length, &error));
      g_assert_nonnull (error);
    }
}

static void
test_what_is_written_is_read (void)
{
  static const char text[] =
      "<causes><fix id='FX.1' where='target' risk='weakens-security'><text>Fix  it\n  so.</text><command>a "
      "&amp; b</command>"
      "<undo>U.</undo><undo-command>u</undo-command></fix>"
      "<cause id='NSP.1' prior='low'><text>Shared.</text></cause>"
      "<page status='connection-refused'><meaning>\n  M\n  m. </meaning><retry>R.</retry><steps>S.</steps>"
      "<number>ECONNREFUSED</number><false-friend>F.</false-friend>"
      "<cause ref='NSP.1'/>"
      "<cause id='CRF.1' prior='low'><text>One.</text><evidence speaks='against' "
      "rule='same-subnet'>E.</evidence>"
      "<check where='target'><text>C.</text></check><fix ref='FX.1'/></cause>"
      "<cause id='CRF.2' prior='high'><text>Two.</text></cause>"
      "<check where='here'><text>K.</text><command>k</command></check></page>"
      "<page status='host-unreachable'><meaning>M.</meaning><retry>R.</retry><steps>S.</steps>"
      "<cause ref='NSP.1' prior='high'/></page></causes>";
  g_autoptr (GError) error = NULL;
  g_autoptr (RollCatalogue) catalogue = parse (text, &error);
  const RollStatusPage *page, *other;

  g_assert_no_error (error);
  page = roll_catalogue_page (catalogue, ROLL_STATUS_CONNECTION_REFUSED);
  other = roll_catalogue_page (catalogue, ROLL_STATUS_HOST_UNREACHABLE);
  g_assert_cmpstr (page->meaning, ==, "M m.");
  g_assert_cmpstr (page->numbers[0], ==, "ECONNREFUSED");
  g_assert_null (page->numbers[1]);
  g_assert_cmpstr (page->false_friends[0], ==, "F.");
  g_assert_cmpuint (page->n_causes, ==, 3);
  g_assert_cmpstr (page->causes[0].id, ==, "CRF.2"); /* highest prior first, then as written */
  g_assert_cmpstr (page->causes[1].id, ==, "NSP.1");
  g_assert_cmpstr (page->causes[2].id, ==, "CRF.1");
  g_assert_cmpint (page->causes[1].prior, ==, ROLL_PRIOR_LOW);
  g_assert_cmpint (other->causes[0].prior, ==, ROLL_PRIOR_HIGH);
  g_assert_true (other->causes[0].text == page->causes[1].text);
  g_assert_cmpstr (page->causes[2].hints[0].rule, ==, "same-subnet");
  g_assert_false (page->causes[2].hints[0].raises);
  g_assert_true (page->causes[2].checks[0].on_target);
  g_assert_null (page->causes[2].checks[0].command);
  g_assert_cmpstr (page->causes[2].fixes[0].id, ==, "FX.1");
  g_assert_cmpstr (page->causes[2].fixes[0].text, ==, "Fix it so.");
  g_assert_cmpstr (page->causes[2].fixes[0].command, ==, "a & b");
  g_assert_cmpstr (page->causes[2].fixes[0].undo_command, ==, "u");
  g_assert_cmpint (page->causes[2].fixes[0].risk, ==, ROLL_RISK_WEAKENS);
  g_assert_cmpuint (page->n_checks, ==, 1);
  g_assert_cmpuint (page->n_fixes, ==, 0);
  g_assert_null (roll_catalogue_page (catalogue, ROLL_STATUS_SUCCESS));
}

static void
test_good_rules (void)
{
  static const char *const rules[] = {
    "same-subnet",
    "not same-subnet",
    "not not same-subnet",
    "step = connect",
    "step=connect,connect-object",
    "step != connect and (share-subnet >= 80% or not same-subnet)",
    "error = 0x80070005,ETIMEDOUT",
    "elapsed>=295s and elapsed <= 6min",
    "((same-class))",
    "icmp = 3/13",
    "icmp != 3/0,3/1",
    "elapsed < 3min or elapsed < 500ms or clock-skew > 2d or clock-skew > 1h",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RollRule) rule = NULL;

      rule = roll_rule_parse (rules[i], &error);
      g_assert_no_error (error);
      g_assert_nonnull (rule);
    }
}

static void
test_bad_rules (void)
{
  static const char *const rules[] = {
    "",
    " ",
    "and",
    "not",
    "()",
    "(same-subnet",
    "same-subnet)",
    "same-subnet same-class",
    "same-subnet and",
    "same-subnet or or same-class",
    "same-subnet = yes",
    "nonsense",
    "step",
    "step =",
    "step = nowhere",
    "step < connect",
    "step == connect",
    "step = connect,",
    "step = ,connect",
    "step = connect connect",
    "error = EWHAT",
    "error < ETIMEDOUT",
    "share-subnet >= 80",
    "share-subnet >= %",
    "share-subnet >= 80%,90%",
    "elapsed > 5",
    "elapsed > 5 s",
    "elapsed > -5s",
    "elapsed > 5weeks",
    "attempts > 9999999999",
    "attempts > 4s",
    "icmp = ",
    "icmp = \xc3\xa4",
    "hour >= 17%",
    "((((((((((((((((((((same-subnet))))))))))))))))))))",
    "step = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rules[i]);
      g_assert_null (roll_rule_parse (rules[i], &error));
      g_assert_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/catalogue/spoilt-files-are-refused", test_spoilt_files_are_refused);
  g_test_add_func ("/status/catalogue/cut-files-are-refused", test_cut_files_are_refused);
  g_test_add_func ("/status/catalogue/what-is-written-is-read", test_what_is_written_is_read);
  g_test_add_func ("/status/catalogue/rules/good", test_good_rules);
  g_test_add_func ("/status/catalogue/rules/bad", test_bad_rules);
  return g_test_run ();
}
