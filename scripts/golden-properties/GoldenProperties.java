import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Properties;
import java.util.TreeMap;

/** Prints what java.util.Properties reads from each file: lines of key and value in hex, then `--`. */
public class GoldenProperties {
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      Properties properties = new Properties();
      try (InputStream in = new FileInputStream(file)) {
        properties.load(in);
      }
      TreeMap<String, String> sorted = new TreeMap<>();
      for (String key : properties.stringPropertyNames()) sorted.put(key, properties.getProperty(key));
      sorted.forEach((key, value) -> System.out.println(hex(key) + " " + hex(value)));
      System.out.println("--");
    }
  }

  private static String hex(String text) {
    StringBuilder out = new StringBuilder("x");
    for (char c : text.toCharArray()) out.append(String.format("%04x", (int) c));
    return out.toString();
  }
}
