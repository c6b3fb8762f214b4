import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;

/**
 * Runs the official stylesheets over documents: arguments are pairs of a name and a stylesheet, standard input has lines of a name, a tab and a
 * file, and each answer is the file, a tab, and `id:flag` of every assertion that failed; or ENGINE and why.
 */
public final class Oracle {
  public static void main(String[] arguments) throws Exception {
    XsltCompiler compiler = new Processor(false).newXsltCompiler();
    Map<String, XsltExecutable> sheets = new HashMap<>();
    for (int index = 0; index + 1 < arguments.length; index += 2) {
      sheets.put(arguments[index], compiler.compile(new StreamSource(new File(arguments[index + 1]))));
    }
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] fields = line.split("\t");
      System.out.println(fields[1] + "\t" + failed(sheets.get(fields[0]), new File(fields[1])));
    }
  }

  private static String failed(XsltExecutable sheet, File file) {
    try {
      Xslt30Transformer transformer = sheet.load30();
      transformer.setErrorReporter(error -> { });
      XdmDestination report = new XdmDestination();
      transformer.transform(new StreamSource(file), report);
      TreeSet<String> ids = new TreeSet<>();
      for (XdmNode node : report.getXdmNode().children().iterator().next().children()) {
        if (node.getNodeName() == null || !node.getNodeName().getLocalName().matches("failed-assert|successful-report")) continue;
        ids.add(node.getAttributeValue(new QName("id")) + ":" + node.getAttributeValue(new QName("flag")));
      }
      return String.join(" ", ids);
    } catch (SaxonApiException error) {
      return "ENGINE " + error.getMessage().replaceAll("\\s+", " ");
    }
  }
}
