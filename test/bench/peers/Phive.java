import com.helger.io.resource.FileSystemResource;
import com.helger.phive.api.execute.ValidationExecutionManager;
import com.helger.phive.api.executorset.IValidationExecutorSet;
import com.helger.phive.api.executorset.ValidationExecutorSetRegistry;
import com.helger.phive.api.validity.IValidityDeterminator;
import com.helger.phive.en16931.EN16931Validation;
import com.helger.phive.xml.source.IValidationSourceXML;
import com.helger.phive.xml.source.ValidationSourceXML;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.util.Locale;

/** Judges UBL invoices by EN 16931: arguments are files; each line of standard input is `verdicts` or a number of milliseconds, answered with a line of 1 and 0, or with documents per second. */
public final class Phive {
  public static void main(String[] files) throws Exception {
    ValidationExecutorSetRegistry<IValidationSourceXML> registry = new ValidationExecutorSetRegistry<>();
    EN16931Validation.initEN16931(registry);
    IValidationExecutorSet<IValidationSourceXML> rules = registry.getOfID(EN16931Validation.VID_UBL_INVOICE_1315);
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals("verdicts")) {
        StringBuilder answer = new StringBuilder();
        for (String file : files) answer.append(isValid(rules, file) ? '1' : '0');
        System.out.println(answer);
      } else {
        System.out.println(perSecond(rules, files, Long.parseLong(line)));
      }
    }
  }

  private static boolean isValid(IValidationExecutorSet<IValidationSourceXML> rules, String file) {
    return ValidationExecutionManager
      .executeValidation(IValidityDeterminator.createDefault(), rules, ValidationSourceXML.create(new FileSystemResource(new File(file))), Locale.ENGLISH)
      .containsNoError();
  }

  private static double perSecond(IValidationExecutorSet<IValidationSourceXML> rules, String[] files, long milliseconds) {
    long began = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - began < milliseconds * 1_000_000) isValid(rules, files[(int) (count++ % files.length)]);
    return count * 1e9 / (System.nanoTime() - began);
  }
}
