import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import software.amazon.event.ruler.Machine;

/** Prints, for each pattern of a file {"patterns": [...], "events": [...]}, whether it matches each event. */
class Matches {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode input = mapper.readTree(new File(arguments[0]));
    List<List<Boolean>> all = new ArrayList<>();
    for (JsonNode pattern : input.get("patterns")) {
      Machine machine = Machine.builder().build();
      machine.addRule("rule", pattern.toString());
      List<Boolean> row = new ArrayList<>();
      for (JsonNode event : input.get("events")) {
        row.add(!machine.rulesForJSONEvent(event.toString()).isEmpty());
      }
      all.add(row);
    }
    System.out.println(mapper.writeValueAsString(all));
  }
}
