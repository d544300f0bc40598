namespace Landfall.Inference.Templates;

/// <summary>Templates for models that bring none.</summary>
internal static class StandardTemplates
{
    /// <summary>ChatML (OpenAI 2023), with tools in the manner of Hermes: signatures in the system's message, calls and answers in tags.</summary>
    public const string ChatMl =
        """"
        {%- set system = namespace(text='', given=false) %}
        {%- if messages and messages[0].role == 'system' %}
            {%- set system.text = messages[0].content or '' %}
            {%- set system.given = true %}
        {%- endif %}
        {%- if tools %}
            {{- '<|im_start|>system\n' }}
            {{- system.text + '\n\n' if system.text else '' }}
            {{- 'You may call these functions. Their signatures, as JSON:\n<tools>' }}
            {%- for tool in tools %}
                {{- '\n' ~ tool | tojson }}
            {%- endfor %}
            {{- '\n</tools>\nTo call one, answer with its name and arguments as JSON within tags:\n<tool_call>\n{"name": <name>, "arguments": <arguments>}\n</tool_call><|im_end|>\n' }}
        {%- elif system.given %}
            {{- '<|im_start|>system\n' + system.text + '<|im_end|>\n' }}
        {%- endif %}
        {%- for message in messages %}
            {%- if message.role == 'tool' %}
                {{- '<|im_start|>user' if loop.first or loop.previtem.role != 'tool' else '' }}
                {{- '\n<tool_response>\n' ~ message.content ~ '\n</tool_response>' }}
                {{- '<|im_end|>\n' if loop.last or loop.nextitem.role != 'tool' else '' }}
            {%- elif not (loop.first and message.role == 'system') %}
                {{- '<|im_start|>' + message.role }}
                {{- '\n' + message.content if message.content or not message.tool_calls else '' }}
                {%- for call in message.tool_calls or [] %}
                    {{- '\n<tool_call>\n' ~ {'name': call.function.name, 'arguments': call.function.arguments} | tojson ~ '\n</tool_call>' }}
                {%- endfor %}
                {{- '<|im_end|>\n' }}
            {%- endif %}
        {%- endfor %}
        {{- '<|im_start|>assistant\n' if add_generation_prompt else '' }}
        """";
}
