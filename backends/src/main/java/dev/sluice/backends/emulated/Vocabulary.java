package dev.sluice.backends.emulated;

import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of every emulated model: words of scripts with one to four bytes a character, from
 * right to left and left to right, and characters beyond the basic plane.
 *
 * <p>Order and content are part of what recorded answers rest on: a change makes them wrong.
 */
final class Vocabulary {

  /** Scripts that part words by spaces. */
  private static final String SPACED =
      """
      the of and to in is that for it with as was on be at by this have from or one had not but
      what all were when we there can an your which their said if do will each about how up out
      them then she many some so these would other into has more her two like him see time could
      no make than first been its who now people my made over did down only way find use may water
      long little very after words called just where most know light river stone quick bright
      über straße größe naïve façade été garçon niño mañana coração šumava čaj żółw łódź øre åpen
      ελπίδα θάλασσα ουρανός φως λόγος вода огонь земля ветер время слово щука ёлка їжак
      ماء نار سماء أرض كتاب قلم نور سلام شمس قمر بحر مدينة خبز צבע שלום אור מים ספר
      ⴰⵎⴰⵏ ⴰⴽⴰⵍ ⵉⴳⵏⵏⴰ ⵜⴰⴼⵓⴽⵜ ⴰⵢⵢⵓⵔ ⴰⴹⵓ ⵜⵉⴼⵉⵏⴰⵖ ⴰⵡⴰⵍ ⵜⴰⵎⴰⵣⵉⵖⵜ ⴰⴷⵍⵉⵙ
      पानी आकाश सूरज पुस्तक नमस्ते জল আলো বই நீர் ஒளி సూర్యుడు ውሃ ብርሃን ሰላም ջուր լույս წყალი მზე
      """;

  /** Scripts that do not, and pictures. */
  private static final String JOINED =
      """
      水 火 山 川 光 風 時間 言葉 世界 人々 こんにちは ありがとう カタカナ 东西 学习 语言 星星 你好 图书馆 한국 하늘 바다
      น้ำ แสง ฟ้า 🙂 🚀 🌊 👩‍🔬 🇲🇦 𝔸 𐍈 𠮷 、 。 … — , . ! ? :
      """;

  private Vocabulary() {}

  static String[] tokens() {
    List<String> tokens = new ArrayList<>();
    for (String word : SPACED.strip().split("\\s+", 0)) {
      tokens.add(" " + word);
    }
    for (String word : JOINED.strip().split("\\s+", 0)) {
      tokens.add(word);
    }
    return tokens.toArray(new String[0]);
  }
}
