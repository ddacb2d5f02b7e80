package org.brokecluster.coordinator.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A table on terminals of any width. */
class TableTest {
  private final Table table =
      new Table("name", ">n", "silent", "why")
          .row("a", "7", "-", "one two three four five six seven eight")
          .row("longer", "12", "-", "short");

  @Test
  void isAsWideAsItsTextsWhereThereIsRoom() {
    assertThat(table.render(200).lines())
        .containsExactly(
            "NAME     N  SILENT  WHY",
            "a        7  -       one two three four five six seven eight",
            "longer  12  -       short");
  }

  @Test
  void goesOnBelowInItsLastColumn() {
    assertThat(table.render(46).lines())
        .containsExactly(
            "NAME     N  SILENT  WHY",
            "a        7  -       one two three four five",
            "                    six seven eight",
            "longer  12  -       short");
  }

  @Test
  void goesOnBelowTheRowWhereThatColumnWouldBeTooNarrow() {
    assertThat(table.render(30).lines())
        .containsExactly(
            "NAME     N  SILENT  WHY",
            "a        7  -",
            "    one two three four five",
            "    six seven eight",
            "longer  12  -       short");
  }

  @Test
  void hasNoEmptyLineWhereTheLastColumnSaysNothing() {
    var notes = new Table("name", "node", "").row("a long name of something", "studio", "");

    assertThat(notes.render(30).lines())
        .containsExactly("NAME                      NODE", "a long name of something  studio");
  }

  @Test
  void leavesOutColumnsThatSayNothing() {
    assertThat(table.withoutSilentColumns().render(200).lines())
        .first()
        .isEqualTo("NAME     N  WHY");
  }
}
