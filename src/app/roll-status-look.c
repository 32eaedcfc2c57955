/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-status-look.h"

static const RollStatusLook *
get_looks (void)
{
  static RollStatusLook looks[ROLL_N_LOOKS];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < ROLL_N_LOOKS; i++)
        {
          const RollStatusInfo *info = roll_status_info ((int) roll_status_look_status (i));

          g_assert (info != NULL);
          looks[i].status = info->status;
          looks[i].group = roll_status_group (info->status);
          looks[i].sign = g_strdup_printf ("roll-%s-symbolic", info->id);
          looks[i].classes[0] = g_strdup_printf ("status-%s", info->id);
        }
      g_once_init_leave (&ready, 1);
    }
  return looks;
}

const RollStatusLook *
roll_status_look (RollStatus status)
{
  return &get_looks ()[roll_status_look_index (status)];
}

const RollStatusLook *
roll_status_look_nth (guint index)
{
  g_return_val_if_fail (index < ROLL_N_LOOKS, NULL);

  return &get_looks ()[index];
}

static GdkRGBA
sign_color (const GdkRGBA *background)
{
  double light = 0.299 * (double) background->red + 0.587 * (double) background->green
                 + 0.114 * (double) background->blue;
  float value = light > 0.55 ? 0 : 1;

  return (GdkRGBA) { value, value, value, background->alpha };
}

void
roll_status_look_snapshot_sign (GtkWidget *widget, GtkSnapshot *snapshot, guint index, const GdkRGBA *background,
                                double x, double y, int size)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  GdkRGBA color = sign_color (background);
  g_autoptr (GtkIconPaintable) icon = NULL;

  icon = gtk_icon_theme_lookup_icon (theme, roll_status_look_nth (index)->sign, NULL, size,
                                     gtk_widget_get_scale_factor (widget), GTK_TEXT_DIR_NONE, 0);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, size, size, &color, 1);
  gtk_snapshot_restore (snapshot);
}
